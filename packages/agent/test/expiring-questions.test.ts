/** Questions that end by themselves: once, from whichever worker is left, and not because somebody set a clock. */
import { type Engine, EngineError, questionExpired, questionValueName } from "@everthread/engine"
import type { ConversationState, Json } from "@everthread/protocol"
import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import type { AgentWorker } from "../src/index.ts"
import { ask } from "../src/langgraph/author/index.ts"
import { Gate } from "./support/gate.ts"
import { type Harness, runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"
import { ShiftedClock } from "./support/shifted-clock.ts"

const hourMs = 3_600_000
const quick = { pollMs: 5 }
async function harness(engine?: (engine: Engine) => Engine) {
  const h = await openHarness(engine && { engine })
  return { h, conversation: await h.conversation() }
}

type Terms = { readonly expiresInMs?: number; readonly default?: Json }

/** One node for each question, all at once; each says what it was told. */
function asking(questions: { readonly [name: string]: Terms }) {
  const graph = new StateGraph(MessagesAnnotation)
  for (const [name, terms] of Object.entries(questions)) {
    const node = () => {
      const answer: Json = ask<Json>({ question: `${name}?`, ...terms } as Parameters<typeof ask<Json>>[0])
      return { messages: [new AIMessage(`${name}: ${JSON.stringify(answer)}`)] }
    }
    ;(graph as unknown as { addNode(name: string, node: () => unknown): void }).addNode(name, node)
    ;(graph as unknown as { addEdge(from: string, to: string): void }).addEdge(START, name)
  }
  return graph.compile() as Parameters<Harness["worker"]>[0][string]
}

const isWaiting = (run: string) => (state: ConversationState) => runOf(state, run)?.status === "waiting"
const openRuns = async (h: Harness) => (await h.engine.leases.openRuns()).map(({ run }) => run)

const workerOn = (h: Harness, clock: ShiftedClock, graph: ReturnType<typeof asking>): Promise<AgentWorker> =>
  h.worker({ agent: graph }, quick, undefined, undefined, clock)

/** Resolves when the worker has looked so often: by then it would have done what it was going to do. */
async function looks(h: Harness, times: number): Promise<void> {
  const { leases } = h.engine
  const real = leases.openRuns.bind(leases)
  await new Promise<void>((resolve) => {
    let left = times
    Object.assign(leases, {
      openRuns: () => {
        left -= 1
        if (left === 0) resolve()
        return real()
      },
    })
  })
}

/** Resolves when the worker knows the questions, which it does not before it has given their conversations up. */
async function seen(h: Harness): Promise<void> {
  while ((await h.engine.leases.openRuns()).some(({ owner }) => owner)) await looks(h, 1)
  // The second one begins afterwards, and has ended when the third begins.
  await looks(h, 3)
}

/** As the server stores an answer: the first one counts. */
const answer = (h: Harness, conversation: string, run: string, interrupt: string, value: Json) =>
  h.engine.log.append({
    conversation,
    nonce: "1234567890123456",
    bodies: [
      JSON.stringify({ type: "input.responded", time: 0, by: { user: "ada", device: "d" }, run, interrupt, value }),
    ],
    expect: { name: questionValueName(interrupt), is: null, becomes: "ada" },
    runs: [{ run, state: "open" }],
  })

test("[ASK3] a question that nobody answers gets its default, once, with several workers looking", async () => {
  const { h, conversation } = await harness()
  const graph = asking({ book: { expiresInMs: hourMs, default: "no" } })
  const clocks = [new ShiftedClock(), new ShiftedClock(), new ShiftedClock()]
  for (const clock of clocks) await workerOn(h, clock, graph)
  const run = await h.ask(conversation, "hi")
  const asked = await h.until(conversation, isWaiting(run))
  expect(asked.interrupts[0]).toMatchObject({ value: { question: "book?" }, default: "no" })
  expect(await openRuns(h)).toEqual([run])
  await looks(h, 10)
  for (const clock of clocks) clock.pass(hourMs)
  const state = await h.ended(conversation, run)
  expect(saidIn(state, run)).toEqual(['book: "no"'])
  expect(state.interrupts[0]?.answer).toEqual({ value: "no" })
  const answers = (await h.events(conversation)).filter(({ type }) => type === "input.responded")
  expect(answers).toMatchObject([{ expired: true, value: "no" }])
  expect(await h.engine.log.value(conversation, questionValueName(asked.interrupts[0]?.id ?? ""))).toBe(questionExpired)
  expect(await openRuns(h)).toEqual([])
})

test("[ASK3] without a default the answer is null, and a worker that starts anew finds what expired meanwhile", async () => {
  const { h, conversation } = await harness()
  const graph = asking({ well: { expiresInMs: hourMs } })
  const first = await workerOn(h, new ShiftedClock(), graph)
  const run = await h.ask(conversation, "hi")
  await h.until(conversation, isWaiting(run))
  await first.drain(1_000)
  const later = new ShiftedClock()
  later.pass(hourMs)
  await workerOn(h, later, graph)
  expect(saidIn(await h.ended(conversation, run), run)).toEqual(["well: null"])
})

test("[ASK4] a clock that jumps ahead expires nothing; the time itself does", async () => {
  const { h, conversation } = await harness()
  const clock = new ShiftedClock()
  await workerOn(h, clock, asking({ well: { expiresInMs: hourMs, default: 1 } }))
  const run = await h.ask(conversation, "hi")
  await h.until(conversation, isWaiting(run))
  await seen(h)
  clock.jump(2 * hourMs)
  await looks(h, 10)
  expect(runOf(await h.state(conversation), run)?.status).toBe("waiting")
  clock.pass(hourMs)
  expect(saidIn(await h.ended(conversation, run), run)).toEqual(["well: 1"])
})

test("[ASK4] a clock that is put back only makes it later", async () => {
  const { h, conversation } = await harness()
  const clock = new ShiftedClock()
  await workerOn(h, clock, asking({ well: { expiresInMs: hourMs, default: 1 } }))
  const run = await h.ask(conversation, "hi")
  await h.until(conversation, isWaiting(run))
  await seen(h)
  clock.jump(-hourMs)
  clock.pass(hourMs)
  await looks(h, 10)
  expect(runOf(await h.state(conversation), run)?.status).toBe("waiting")
  clock.jump(hourMs)
  expect(saidIn(await h.ended(conversation, run), run)).toEqual(["well: 1"])
})

test("[ASK5] [RUN5] several at once: some expire, some are answered, and the run goes on when none is open", async () => {
  const { h, conversation } = await harness()
  const clock = new ShiftedClock()
  const questions = { a: { expiresInMs: hourMs, default: "A" }, b: {}, c: { expiresInMs: 2 * hourMs, default: "C" } }
  await workerOn(h, clock, asking(questions))
  const run = await h.ask(conversation, "hi")
  const asked = await h.until(conversation, isWaiting(run))
  const idOf = (question: string) =>
    asked.interrupts.find(({ value }) => (value as { question: string }).question === question)?.id ?? ""
  await seen(h)
  clock.pass(hourMs)
  await h.until(conversation, (state) => state.interrupts.some(({ id, answer: given }) => id === idOf("a?") && given))
  expect(await answer(h, conversation, run, idOf("a?"), "late")).toMatchObject({
    status: "unexpected",
    actual: questionExpired,
  })
  expect(await answer(h, conversation, run, idOf("c?"), "early")).toMatchObject({ status: "appended" })
  await looks(h, 5)
  clock.pass(2 * hourMs)
  await looks(h, 5)
  expect(runOf(await h.state(conversation), run)?.status).toBe("waiting")
  // Nothing can expire any more: nobody needs to look at it before the last answer.
  expect(await openRuns(h)).toEqual([])
  expect(await answer(h, conversation, run, idOf("b?"), "B")).toMatchObject({ status: "appended" })
  const state = await h.ended(conversation, run)
  expect(saidIn(state, run).sort()).toEqual(['a: "A"', 'b: "B"', 'c: "early"'])
})

test("[ASK3] while a question waits to expire, a look at the store reads nothing of its conversation", async () => {
  let reads = 0
  const counting = (engine: Engine): Engine => {
    const { read, head } = engine.log
    Object.assign(engine.log, {
      read: (...args: Parameters<typeof read>) => {
        reads += 1
        return read(...args)
      },
      head: (...args: Parameters<typeof head>) => {
        reads += 1
        return head(...args)
      },
    })
    return engine
  }
  const { h, conversation } = await harness(counting)
  await workerOn(h, new ShiftedClock(), asking({ well: { expiresInMs: hourMs } }))
  const run = await h.ask(conversation, "hi")
  await h.until(conversation, isWaiting(run))
  await seen(h)
  reads = 0
  await looks(h, 20)
  expect(reads).toBe(0)
})

test("[RUN4] a question that waits to expire can be stopped, and nothing of it is left", async () => {
  const { h, conversation } = await harness()
  const clock = new ShiftedClock()
  await workerOn(h, clock, asking({ well: { expiresInMs: hourMs, default: 1 } }))
  const run = await h.ask(conversation, "hi")
  await h.until(conversation, isWaiting(run))
  await h.stop(conversation, run)
  await h.ended(conversation, run)
  clock.pass(hourMs)
  await looks(h, 5)
  expect((await h.events(conversation)).filter(({ type }) => type === "input.responded")).toEqual([])
  expect(await openRuns(h)).toEqual([])
})

test("[ASK3] where the store is away for one conversation the others' questions expire, and its own later", async () => {
  let isAway = true
  const { h, conversation } = await harness((engine) => {
    const { append } = engine.log
    const failing = (request: Parameters<typeof append>[0]) =>
      isAway &&
      request.conversation === "c1" &&
      request.expect?.is === null &&
      request.expect.becomes === questionExpired
        ? Promise.reject(new EngineError("unavailable", "away"))
        : append(request)
    return { ...engine, log: Object.assign(engine.log, { append: failing }) }
  })
  const other = await h.conversation("c2")
  const clock = new ShiftedClock()
  await workerOn(h, clock, asking({ well: { expiresInMs: hourMs, default: 1 } }))
  const runs = [await h.ask(conversation, "hi"), await h.ask(other, "hi")] as const
  await h.until(conversation, isWaiting(runs[0]))
  await h.until(other, isWaiting(runs[1]))
  await seen(h)
  clock.pass(hourMs)
  expect(saidIn(await h.ended(other, runs[1]), runs[1])).toEqual(["well: 1"])
  expect(runOf(await h.state(conversation), runs[0])?.status).toBe("waiting")
  isAway = false
  expect(saidIn(await h.ended(conversation, runs[0]), runs[0])).toEqual(["well: 1"])
})

test("[ASK3] a question whose run was stopped does not expire, also while another run keeps its worker", async () => {
  const { h, conversation } = await harness()
  const clock = new ShiftedClock()
  const gate = new Gate()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("node", async ({ messages }) => {
      if (messages.at(-1)?.text === "second") await gate.pass()
      else ask<Json>({ question: "well?", expiresInMs: hourMs, default: 1 })
      return { messages: [new AIMessage("done")] }
    })
    .addEdge(START, "node")
    .compile() as Parameters<Harness["worker"]>[0][string]
  await workerOn(h, clock, graph)
  const first = await h.ask(conversation, "first")
  await h.until(conversation, isWaiting(first))
  await looks(h, 3)
  const second = await h.ask(conversation, "second")
  await looks(h, 3)
  await h.stop(conversation, first)
  await gate.reached
  clock.pass(hourMs)
  await looks(h, 10)
  expect((await h.events(conversation)).filter(({ type }) => type === "input.responded")).toEqual([])
  expect(await openRuns(h)).toEqual([second])
  gate.open()
  await h.ended(conversation, second)
})
