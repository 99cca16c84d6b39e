import { AIMessage } from "@langchain/core/messages"
import { interrupt, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { describeError } from "../src/langgraph/describe-error.ts"
import { Gate } from "./support/gate.ts"
import { runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"
import { WordModel } from "./support/word-model.ts"

function speaking(model: WordModel) {
  return new StateGraph(MessagesAnnotation)
    .addNode("model", async (state) => ({ messages: [await model.invoke(state.messages)] }))
    .addEdge(START, "model")
    .compile()
}

test("[RUN1] a message becomes a run whose words add up in the log", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  await h.worker({ agent: speaking(new WordModel(["Hello ", "there, ", "Ada."])) })
  const run = await h.ask(conversation, "hi")
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 1 })
  expect(saidIn(state, run)).toEqual(["Hello there, Ada."])
  expect(state.messages.at(-1)).toMatchObject({ id: `${run}.0`, status: "complete", agent: "agent", run })
  expect(await h.engine.leases.openRuns()).toEqual([])
})

test("[RUN7] runs of one conversation follow each other in the order of the queue", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const model = new WordModel(["a ", "b"], async (word) => (word === "a " ? gate.pass() : undefined))
  await h.worker({ agent: speaking(model) })
  const runs = [await h.ask(conversation, "1"), await h.ask(conversation, "2"), await h.ask(conversation, "3")]
  await gate.reached
  expect((await h.state(conversation)).runs.map((run) => run.status)).toEqual(["running", "queued", "queued"])
  gate.open()
  await h.ended(conversation, runs[2] as string)
  const ends = (await h.events(conversation)).flatMap((event) => (event.type === "run.ended" ? [event.run] : []))
  expect(ends).toEqual(runs)
})

test("conversations do not wait for each other", async () => {
  const h = await openHarness()
  const [first, second] = [await h.conversation("c1"), await h.conversation("c2")]
  const gate = new Gate()
  await h.worker({
    agent: speaking(new WordModel(["slow"], () => gate.pass())),
    other: speaking(new WordModel(["quick"])),
  })
  const slow = await h.ask(first, "hi")
  await gate.reached
  await h.ended(second, await h.ask(second, "hi", "other"))
  gate.open()
  await h.ended(first, slow)
})

test("[RUN4] a stop keeps the text so far", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const model = new WordModel(["one ", "two ", "three"], async (word, signal) => {
    if (word !== "two ") return
    await gate.pass()
    signal?.throwIfAborted()
  })
  await h.worker({ agent: speaking(model) })
  const run = await h.ask(conversation, "count")
  await gate.reached
  await h.until(conversation, (state) => saidIn(state, run)[0] === "one ")
  await h.stop(conversation, run)
  gate.open()
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)?.status).toBe("stopped")
  expect(state.messages.at(-1)).toMatchObject({ status: "stopped" })
  expect(saidIn(state, run)).toEqual(["one "])
})

test("[RUN4] a node that does not look at its signal does not keep the run from ending", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const deaf = new StateGraph(MessagesAnnotation)
    .addNode("deaf", async () => {
      await gate.pass()
      return { messages: [new AIMessage("too late")] }
    })
    .addEdge(START, "deaf")
    .compile()
  await h.worker({ agent: deaf, other: speaking(new WordModel(["next"])) }, { stopGraceMs: 10 })
  const run = await h.ask(conversation, "hi")
  await gate.reached
  await h.stop(conversation, run)
  expect(runOf(await h.ended(conversation, run), run)?.status).toBe("stopped")
  gate.open()
  const next = await h.ask(conversation, "go on", "other")
  const state = await h.ended(conversation, next)
  expect(saidIn(state, next)).toEqual(["next"])
  expect(saidIn(state, run)).toEqual([])
})

test("a stop of a run that waits in the queue ends it unworked", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const run = await h.ask(conversation, "hi")
  await h.stop(conversation, run)
  await h.worker({ agent: speaking(new WordModel(["never"])) })
  expect(runOf(await h.ended(conversation, run), run)).toMatchObject({ status: "stopped", attempt: 0 })
})

test("[RUN5] the run waits for the answers to all its questions and goes on with them", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const ask = (name: string) => () => ({ messages: [new AIMessage(`${name}: ${interrupt({ ask: name })}`)] })
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("a", ask("a"))
    .addNode("b", ask("b"))
    .addEdge(START, "a")
    .addEdge(START, "b")
    .compile()
  await h.worker({ agent: graph })
  const run = await h.ask(conversation, "hi")
  const waiting = await h.until(conversation, (state) => runOf(state, run)?.status === "waiting")
  expect(waiting.interrupts.map(({ value }) => value).sort()).toEqual([{ ask: "a" }, { ask: "b" }])
  const [first, second] = waiting.interrupts
  await h.answer(conversation, run, first?.id ?? "", "yes")
  await h.answer(conversation, run, second?.id ?? "", "no")
  const state = await h.ended(conversation, run)
  const words = Object.fromEntries(
    waiting.interrupts.map(({ value }, i) => [(value as { ask: string }).ask, i ? "no" : "yes"]),
  )
  expect(saidIn(state, run).sort()).toEqual([`a: ${words["a"]}`, `b: ${words["b"]}`])
  expect(await h.engine.leases.openRuns()).toEqual([])
})

test("[RUN5] a node that asks twice asks two questions, and what it said before it asked is not doubled", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const model = new WordModel(["Let me ", "ask."])
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", async () => {
      const said = await model.invoke("x")
      const [first, second] = [interrupt("first?"), interrupt("second?")]
      return { messages: [said, new AIMessage(`${first} and ${second}`)] }
    })
    .addEdge(START, "ask")
    .compile()
  await h.worker({ agent: graph })
  const run = await h.ask(conversation, "hi")
  const isAsked = (value: string) => (state: { interrupts: readonly { value: unknown; answer?: unknown }[] }) =>
    state.interrupts.some((held) => held.value === value && !held.answer)
  const one = await h.until(conversation, isAsked("first?"))
  await h.answer(conversation, run, one.interrupts[0]?.id ?? "", 1)
  const two = await h.until(conversation, isAsked("second?"))
  await h.answer(conversation, run, two.interrupts[1]?.id ?? "", 2)
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 3 })
  expect(saidIn(state, run)).toEqual(["Let me ask.", "1 and 2"])
})

test("a stop ends a run that waits", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", () => ({ messages: [new AIMessage(String(interrupt("well?")))] }))
    .addEdge(START, "ask")
    .compile()
  await h.worker({ agent: graph })
  const run = await h.ask(conversation, "hi")
  await h.until(conversation, (state) => runOf(state, run)?.status === "waiting")
  await h.stop(conversation, run)
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)?.status).toBe("stopped")
  expect(state.interrupts).toEqual([])
})

test("[RUN6] a graph that throws ends its run with a sentence, and the next one works", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const broken = new StateGraph(MessagesAnnotation)
    .addNode("bad", () => {
      throw new TypeError("no such column: price")
    })
    .addEdge(START, "bad")
    .compile()
  await h.worker({ agent: broken, other: speaking(new WordModel(["fine"])) })
  const run = await h.ask(conversation, "hi")
  const failed = runOf(await h.ended(conversation, run), run)
  expect(failed).toMatchObject({ status: "failed", error: "TypeError: no such column: price" })
  expect(h.lines.find((line) => line.run === run)?.error).toBeInstanceOf(TypeError)
  const next = await h.ask(conversation, "and now?", "other")
  expect(saidIn(await h.ended(conversation, next), next)).toEqual(["fine"])
})

test("a graph that never ends is ended by the run's time limit", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  await h.worker({ agent: speaking(new WordModel(["x"], () => gate.pass())) }, { runTimeoutMs: 20, stopGraceMs: 10 })
  const run = await h.ask(conversation, "hi")
  const failed = runOf(await h.ended(conversation, run), run)
  expect(failed).toMatchObject({ status: "failed" })
  expect(failed?.error).toContain("longer than")
  gate.open()
})

test("a group's messages since the agent's last turn are its input, once each, with who wrote them", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const seen: unknown[] = []
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("look", (state) => {
      seen.push(state.messages.filter((m) => m.getType() === "human").map((m) => `${m.name}: ${m.content}`))
      return { messages: [new AIMessage("ok")] }
    })
    .addEdge(START, "look")
    .compile()
  await h.worker({ agent: graph })
  await h.ended(conversation, await h.ask(conversation, "first"))
  await h.say(conversation, "by the way", "bob smith")
  await h.ended(conversation, await h.ask(conversation, "second"))
  expect(seen).toEqual([["ada: first"], ["ada: first", "bob_smith: by the way", "ada: second"]])
})

test("[RUN5] neither an answer nor a stop that comes as early as can be is lost", async () => {
  const h = await openHarness()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", () => ({ messages: [new AIMessage(String(interrupt("well?")))] }))
    .addEdge(START, "ask")
    .compile()
  // So rarely that only the announcements can be what wakes the worker.
  await h.worker({ agent: graph }, { pollMs: 1_000_000 })
  for (let round = 0; round < 20; round++) {
    const conversation = await h.conversation(`race${round}`)
    const run = await h.ask(conversation, "hi")
    const asked = await h.until(conversation, (state) => state.interrupts.length > 0)
    const isStop = round % 2 === 0
    if (isStop) await h.stop(conversation, run)
    else await h.answer(conversation, run, asked.interrupts[0]?.id ?? "", "fine")
    const state = await h.ended(conversation, run)
    expect([runOf(state, run)?.status, saidIn(state, run)]).toEqual(isStop ? ["stopped", []] : ["completed", ["fine"]])
  }
})

test("errors that people meet often are told in plain words", async () => {
  const errors: [Error, string][] = [
    [Object.assign(new Error("Incorrect API key provided"), { status: 401 }), "refused the agent's API key"],
    [Object.assign(new Error("Rate limit reached"), { status: 429 }), "refuses more requests"],
    [new Error("Request timed out."), "waited too long"],
    [Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" }), "could not reach"],
    [new Error(`first line ${"x".repeat(1_000)}\nsecret second line`), "first line"],
  ]
  for (const [error, words] of errors) {
    const text = describeError(error)
    expect(text).toContain(words)
    expect(text).not.toContain("second line")
    expect(text.length).toBeLessThanOrEqual(500)
  }
})

test("a graph that goes in circles is ended with a sentence about its steps", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const circle = new StateGraph(MessagesAnnotation)
    .addNode("a", () => ({ messages: [] }))
    .addEdge(START, "a")
    .addEdge("a", "a")
    .compile()
  await h.worker({ agent: circle }, { recursionLimit: 5 })
  const run = await h.ask(conversation, "hi")
  expect(runOf(await h.ended(conversation, run), run)?.error).toContain("too many steps")
})
