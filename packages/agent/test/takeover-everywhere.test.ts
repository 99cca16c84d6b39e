/**
 * The owner of a run dies right before each of its writes, one after the other: whatever the graph looks like inside,
 * what people read in the end is what an undisturbed run says.
 */
import type { AppendRequest, Engine } from "@everthread/engine"
import { isLogSaver } from "../src/langgraph/log-saver.ts"
import { type Harness, runOf, saidIn } from "./support/harness.ts"
import { nestedGraphs } from "./support/nested-graphs.ts"
import { openHarness } from "./support/open-harness.ts"

/** Stops the owner of a run at one of its writes, for good. */
class Death {
  readonly #at: number
  #writes = 0
  #die: () => void = () => {}
  #bury: () => void = () => {}
  readonly happened: Promise<void>

  constructor(at: number) {
    this.#at = at
    this.happened = new Promise((resolve) => {
      this.#die = resolve
    })
  }

  async write<T>({ fence }: AppendRequest, store: () => Promise<T>): Promise<T> {
    if (!fence || this.#writes++ !== this.#at) return store()
    this.#die()
    return new Promise((_, reject) => {
      this.#bury = () => reject(new Error("dead"))
    })
  }

  /** Lets what was to be written for ever come to its end. */
  bury(): void {
    this.#bury()
  }
}

function open(death: Death): Promise<Harness> {
  return openHarness({
    engine: (own): Engine => {
      const append: Engine["log"]["append"] = (request) => death.write(request, () => own.log.append(request))
      return { ...own, close: () => own.close(), log: Object.assign(Object.create(own.log), { append }) }
    },
    saver: (own) => {
      if (!isLogSaver(own)) throw new Error("this saver writes beside the log")
      const { storeWith } = own
      own.storeWith = (request, writes) => death.write(request, () => storeWith.call(own, request, writes))
      return own
    },
  })
}

/** @returns what was said in the end; `undefined` if the run ended before it came to the write. */
async function dieAt(at: number, graph: ReturnType<typeof nestedGraphs>[number]["graph"]) {
  const death = new Death(at)
  const h = await open(death)
  const conversation = await h.conversation()
  await h.worker({ agent: graph }, { pollMs: 1_000_000 })
  const run = await h.ask(conversation, "hi")
  const answered = answerWhenAsked(h, conversation, run)
  const ended = h.ended(conversation, run)
  if ((await Promise.race([death.happened.then(() => "died"), ended.then(() => "ended")])) === "died") {
    const [opening] = await h.engine.leases.openRuns()
    const claim = { conversation, run, node: "ghost", nonce: "ghostghost", instead: opening?.owner?.fence }
    if (!(await h.engine.leases.claim(claim))) throw new Error("not stolen")
    await h.worker({ agent: graph }, { pollMs: 5, stopGraceMs: 5 })
    const state = await ended
    death.bury()
    return { said: saidIn(state, run), status: runOf(state, run)?.status }
  }
  await answered
  return undefined
}

async function answerWhenAsked(h: Harness, conversation: string, run: string): Promise<void> {
  const isOver = (status = "") => status === "completed" || status === "failed"
  const state = await h.until(
    conversation,
    (now) => now.interrupts.some(({ answer }) => !answer) || isOver(runOf(now, run)?.status),
  )
  const asked = state.interrupts.find(({ answer }) => !answer)
  if (asked) await h.answer(conversation, run, asked.id, "this")
}

const deathsMax = 200
const atOnce = 8

test.each(nestedGraphs())(
  "[RUN3] $title: wherever its owner dies, the answer is the undisturbed one",
  async ({ graph, said }) => {
    const wrong: unknown[] = []
    let deaths = 0
    // They wait more than they work, so several at a time.
    for (let isOver = false; !isOver && deaths < deathsMax; ) {
      const places = Array.from({ length: atOnce }, (_, index) => deaths + index)
      for (const end of await Promise.all(places.map((at) => dieAt(at, graph)))) {
        isOver ||= !end
        if (!end) continue
        if (end.status !== "completed" || end.said.toSorted().join() !== [...said].toSorted().join())
          wrong.push({ at: deaths, ...end })
        deaths += 1
      }
    }
    expect(wrong).toEqual([])
    expect(deaths).toBeGreaterThan(5)
    expect(deaths).toBeLessThan(deathsMax)
  },
  120_000,
)
