/** What a worker tells whoever measures it. */
import { interrupt, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import type { AgentObserver } from "../src/index.ts"
import { Gate } from "./support/gate.ts"
import { Harness } from "./support/harness.ts"
import { slowCounter } from "./support/slow-counter.ts"

let h: Harness
beforeEach(async () => {
  h = await Harness.open()
})
afterEach(() => h.close())

class Told implements AgentObserver {
  readonly events: string[] = []
  readonly seconds: number[] = []
  #wake: () => void = () => {}

  appended(seconds: number): void {
    this.seconds.push(seconds)
  }
  attemptStarted(): void {
    this.#tell("started")
  }
  attemptEnded(end: string): void {
    this.#tell(end)
  }
  takenOver(): void {
    this.#tell("taken over")
  }
  fenced(): void {
    this.#tell("fenced")
  }

  async until(event: string): Promise<void> {
    while (!this.events.includes(event)) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  #tell(event: string): void {
    this.events.push(event)
    this.#wake()
  }
}

test("an attempt is told when it begins and how it ends, and each append how long it took", async () => {
  const conversation = await h.conversation()
  const told = new Told()
  await h.worker({ agent: slowCounter(async () => {}) }, {}, told)
  await h.ended(conversation, await h.ask(conversation, "hi"))
  await told.until("ended")
  expect(told.events).toEqual(["started", "ended"])
  // The attempt, its words and its end at least.
  expect(told.seconds.length).toBeGreaterThanOrEqual(3)
  expect(told.seconds.every((seconds) => seconds > 0)).toBe(true)
})

test("an attempt that waits for people ends so, and the next one is another", async () => {
  const conversation = await h.conversation()
  const asking = new StateGraph(MessagesAnnotation)
    .addNode("ask", async () => {
      interrupt("Shall I?")
      return {}
    })
    .addEdge(START, "ask")
    .compile()
  const told = new Told()
  await h.worker({ agent: asking }, {}, told)
  const run = await h.ask(conversation, "hi")
  await told.until("waiting")
  const { interrupts } = await h.until(conversation, (state) => state.interrupts.length > 0)
  await h.answer(conversation, run, interrupts[0]?.id ?? "", "yes")
  await told.until("ended")
  expect(told.events).toEqual(["started", "waiting", "started", "ended"])
})

test("[RUN2] [RUN3] a lost run is told by its old owner, and its taking over by the new one", async () => {
  const conversation = await h.conversation()
  const gate = new Gate()
  const [old, fresh] = [new Told(), new Told()]
  const worker = await h.worker({ agent: slowCounter(() => gate.pass()) }, { pollMs: 1_000_000 }, old)
  const run = await h.ask(conversation, "hi")
  await gate.reached
  expect([worker.runsActive, old.events]).toEqual([1, ["started"]])
  // A node that claims it and dies at once: its heartbeat was never counted.
  const [opening] = await h.engine.leases.openRuns()
  const claim = { conversation, run, node: "ghost", nonce: "ghostghost", instead: opening?.owner?.fence }
  expect(await h.engine.leases.claim(claim)).toBeDefined()
  await h.worker({ agent: slowCounter(async () => {}) }, { pollMs: 10 }, fresh)
  await h.ended(conversation, run)
  gate.open()
  await old.until("lost")
  await fresh.until("ended")
  expect(old.events).toEqual(["started", "fenced", "lost"])
  expect(fresh.events).toEqual(["taken over", "started", "ended"])
})

test("runs that wait for their turn are known to whoever asks", async () => {
  const conversation = await h.conversation()
  const gate = new Gate()
  const worker = await h.worker({ agent: slowCounter(() => gate.pass()) }, { pollMs: 10 })
  const runs = [await h.ask(conversation, "1"), await h.ask(conversation, "2"), await h.ask(conversation, "3")]
  while (worker.runsQueued !== 2) await new Promise((resolve) => setImmediate(resolve))
  expect(worker.runsActive).toBe(1)
  gate.open()
  await h.ended(conversation, runs[2] ?? "")
  while (worker.runsQueued + worker.runsActive > 0) await new Promise((resolve) => setImmediate(resolve))
})
