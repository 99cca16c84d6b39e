/** What a subscription of LangChain's side is told, whenever it comes and whatever becomes of the connection. */
import { type ConversationState, emptyState, type LogEvent, reduceAll } from "@everthread/protocol"
import * as fc from "fast-check"
import { settled } from "../../../../test/support/manual-clock.ts"
import type { ConversationAdapter } from "../../src/langgraph/index.ts"
import { agentServerAdapter } from "../../src/langgraph/index.ts"
import { events, message, upToDate } from "../support/frames.ts"
import { reconnect } from "../support/scene.ts"
import { openWorld } from "../support/world.ts"

interface Told {
  readonly event_id: string
  readonly seq: number
  readonly method: string
  readonly params: { readonly data: Record<string, unknown> }
}

/** Reads as LangChain's assembler does: by ids, a message from its start, and deltas one behind the other. */
class Reader {
  readonly seen = new Set<string>()
  text = ""
  messages: readonly { readonly content: unknown }[] = []
  error: string | undefined

  constructor(adapter: ConversationAdapter) {
    void this.#read(adapter.events() as AsyncIterable<Told & { readonly type: string; readonly message?: string }>)
  }

  async #read(frames: AsyncIterable<Told & { readonly type: string; readonly message?: string }>): Promise<void> {
    for await (const frame of frames) {
      if (frame.type === "error") this.error = frame.message
      else if (!this.seen.has(frame.event_id)) this.#take(frame)
    }
  }

  #take({ event_id, method, params: { data } }: Told): void {
    this.seen.add(event_id)
    if (method === "values") this.messages = data["messages"] as never
    if (data["event"] === "message-start") this.text = ""
    if (data["event"] === "content-block-delta") this.text += String((data["delta"] as { text?: string }).text ?? "")
  }
}

const run = "r1"
const said = { type: "agent" as const, time: 0, run, method: "messages" as const, ns: [], message: "m9" }

/** A run that is under way and has begun to speak: entries 2 to 5. */
const begun: readonly LogEvent[] = [
  { type: "run.queued", time: 0, by: { user: "ada", device: "phone" }, run, agent: "helper", message: "m1", seq: 2 },
  { type: "run.attempt", time: 0, run, attempt: 1, node: "n1", seq: 3 },
  { ...said, data: { event: "message-start" }, seq: 4 },
  { ...said, data: { event: "content-block-start", index: 0, content: { type: "text", text: "" } }, seq: 5 },
]

const word = (seq: number, at: number, text: string): LogEvent => ({
  type: "delta",
  message: "m9",
  block: 0,
  at,
  text,
  seq,
})

/** A conversation `c` in which a run speaks, followed over an adapter. */
async function speaking() {
  const world = await openWorld()
  const adapter = agentServerAdapter(world.client, "c")
  const reader = new Reader(adapter)
  const log: LogEvent[] = [message(1, "Go on"), ...begun]
  let sent = 0
  let words = ""
  const head = () => `${log.length}-n`
  const state = (): ConversationState => reduceAll(emptyState, log)
  const follow = (reason: "fresh" | "trimmed" | "diverged") => {
    const { newest } = world.sockets
    newest.answer("subscribe", { conversation: "c" })
    newest.receive({ type: "snapshot", conversation: "c", reason, cursor: head(), state: state() })
    newest.receive(upToDate(head()))
    sent = log.length
  }
  return {
    ...world,
    adapter,
    reader,
    follow,
    /** Says a word, which is not delivered yet. */
    say(text: string): void {
      log.push(word(log.length + 1, words.length, text))
      words += text
    },
    /** Delivers what was said since. */
    deliver(): void {
      if (sent === log.length) return
      world.sockets.newest.receive(events(`${sent}-n`, head(), ...log.slice(sent)))
      sent = log.length
    },
    async subscribe(id: number): Promise<void> {
      await adapter.send({ id, method: "subscription.subscribe", params: { channels: ["messages", "values"] } })
    },
    words: () => words,
  }
}

const steps = fc.array(fc.constantFrom("say", "say", "say", "deliver", "subscribe", "lose", "trim"), { maxLength: 40 })

test("[LGR3] [LGR8] whenever it subscribes, and whatever the connection does, its words are the log's", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const scene = await speaking()
      const first = scene.subscribe(0)
      scene.follow("fresh")
      await first
      for (const [index, step] of list.entries()) {
        if (step === "say") scene.say(`w${index} `)
        if (step === "deliver") scene.deliver()
        if (step === "subscribe") await scene.subscribe(index)
        if (step === "lose") await reconnect(scene).then(() => scene.follow("trimmed"))
        if (step === "trim") scene.follow("trimmed")
        await settled()
      }
      scene.deliver()
      await settled()
      expect(scene.reader.text).toBe(scene.words())
      expect(scene.reader.messages).toHaveLength(2)
      scene.client.close()
    }),
    { numRuns: 60 },
  )
})

test("[LGR8] of a run that said more than is kept, a new subscription is told what it has come to", async () => {
  const scene = await speaking()
  const first = scene.subscribe(0)
  scene.follow("fresh")
  await first
  for (let at = 0; at < 6_000; at++) {
    scene.say("word ")
    if (at % 500 === 0) scene.deliver()
  }
  scene.deliver()
  await vi.waitUntil(() => scene.reader.text.length === 30_000, 30_000)
  const told = scene.reader.seen.size
  await scene.subscribe(1)
  await vi.waitUntil(() => scene.reader.seen.size > told && scene.reader.text.length === 30_000, 30_000)
  expect(scene.reader.seen.size - told).toBeLessThan(1_100)
})

test("[LIN1] [LGR8] what another history does not have goes", async () => {
  const scene = await speaking()
  const first = scene.subscribe(0)
  scene.follow("fresh")
  await first
  scene.sockets.newest.receive({
    type: "snapshot",
    conversation: "c",
    reason: "diverged",
    cursor: "1-other",
    state: reduceAll(emptyState, [message(1, "Of another history")]),
  })
  await settled()
  expect(scene.reader.messages).toMatchObject([{ content: "Of another history" }])
})

test("[CON5] [LGR8] who is removed is told so, and nothing else", async () => {
  const scene = await speaking()
  const first = scene.subscribe(0)
  scene.follow("fresh")
  await first
  const error = { code: "not_member", message: "You were removed.", retryable: false }
  scene.sockets.newest.receive({ type: "unsubscribed", conversation: "c", error })
  await settled()
  expect(scene.reader.error).toBe("You were removed.")
})

test("[CON2] [LGR8] a wrong command is answered with what is wrong about it", async () => {
  const scene = await speaking()
  const entering = scene.subscribe(0)
  scene.follow("fresh")
  await entering
  const ask = (method: string, params: object) => scene.adapter.send({ id: 7, method, params })
  const wrong = [
    await ask("state.fork", {}),
    await ask("run.start", { input: { messages: [] } }),
    await ask("run.start", { input: { messages: ["a"] }, multitaskStrategy: "rollback" }),
    await ask("run.start", { input: {}, config: { configurable: { checkpoint_id: "x" } } }),
    await ask("input.respond", { response: 1 }),
    await ask("input.respond", { interrupt_id: "q", update: {} }),
  ] as unknown as { readonly type: string; readonly id: number; readonly message: string }[]
  expect(wrong.map(({ type, id }) => `${type} ${id}`)).toEqual(Array(6).fill("error 7"))
  expect(wrong.map(({ message }) => message.split(":")[0])).toEqual([
    "method",
    "input.messages",
    "multitaskStrategy",
    "config",
    "interrupt_id",
    "update",
  ])
  expect(() => agentServerAdapter(scene.client).events()).toThrow("in no thread")
})
