/** The look at what stands behind a run, and what is heard while it comes to its end. */
import type { EventBody } from "@everthread/protocol"
import { emptyState, reduce, systemClock } from "@everthread/protocol"
import type { AttemptParts } from "../src/attempt-parts.ts"
import type { ConversationView } from "../src/conversation-view.ts"
import type { FencedWriter } from "../src/fenced-writer.ts"
import { QueueBehind } from "../src/queue-behind.ts"

const by = { user: "ada", device: "phone" }
const queued = (run: string): EventBody => ({ type: "run.queued", time: 0, by, run, agent: "agent", message: run })
const history: EventBody[] = [
  queued("one"),
  { type: "run.attempt", time: 0, run: "one", attempt: 1, node: "n" },
  queued("two"),
]
const stop: EventBody = { type: "run.stop", time: 0, by, run: "two" }

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve()
}

test.each([0, 1, 2, 3, 4, 5, 6])(
  "[QUE6] what is heard %i promises after a look has read is looked at, too",
  async (late) => {
    let events = history
    const state = () => events.reduce((held, body, at) => reduce(held, { ...body, seq: at + 1 }), emptyState)
    let refreshed: (() => void) | undefined
    let shown = state()
    const view = {
      get state() {
        return shown
      },
      refresh: async () => {
        shown = state()
        refreshed?.()
        return shown
      },
    } as unknown as ConversationView
    const ended: string[] = []
    const writer = {
      lost: new AbortController().signal,
      append: async (bodies: readonly EventBody[]) => void ended.push(...bodies.map((body) => JSON.stringify(body))),
    } as unknown as FencedWriter
    const parts = { clock: systemClock, log: () => undefined } as unknown as AttemptParts
    const claim = { conversation: "c", run: "one", opened: 1, fence: { number: 1, nonce: "n" } }
    const behind = new QueueBehind(parts, claim, writer, view)
    const run = shown.runs[0]
    if (!run) throw new Error("it was queued")
    await behind.begin(run, [])
    const heard = new Promise<void>((resolve) => {
      refreshed = () => {
        refreshed = undefined
        void turns(late).then(() => {
          events = [...history, stop]
          behind.look()
          resolve()
        })
      }
    })
    behind.look()
    await heard
    await behind.settled()
    expect(ended).toHaveLength(1)
  },
)
