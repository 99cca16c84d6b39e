/** Graphs that misbehave: they fail their own run at most, and say why. */

import { emptyState, limits, reduceAll } from "@everthread/protocol"
import { AIMessage } from "@langchain/core/messages"
import {
  Annotation,
  type BaseCheckpointSaver,
  interrupt,
  MessagesAnnotation,
  START,
  StateGraph,
} from "@langchain/langgraph"
import { withBoundedValues } from "../src/index.ts"
import { outputLimits } from "../src/options.ts"
import { askMark } from "../src/questions.ts"
import { type Harness, runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"
import { WordModel } from "./support/word-model.ts"

async function harness(saver?: (saver: BaseCheckpointSaver, own: Harness) => BaseCheckpointSaver) {
  const h = await openHarness(saver && { saver })
  return { h, conversation: await h.conversation() }
}

const answering = (...words: string[]) =>
  new StateGraph(MessagesAnnotation)
    .addNode("model", async () => ({ messages: [await new WordModel(words).invoke("x")] }))
    .addEdge(START, "model")
    .compile()

test("[GRA1] a megabyte in one delta reaches the log in pieces that add up, and no entry is long", async () => {
  const { h, conversation } = await harness()
  const megabyte = `${"0123456789".repeat(90_000)}🙂`
  await h.worker({ agent: answering(megabyte), other: answering("next") })
  const run = await h.ask(conversation, "hi")
  const state = await h.ended(conversation, run)
  expect(saidIn(state, run)).toEqual([megabyte])
  const events = await h.events(conversation)
  const deltas = events.filter((event) => event.type === "delta")
  expect(deltas.length).toBeGreaterThan(megabyte.length / outputLimits.deltaCharsMax)
  for (const { text } of deltas) {
    expect(text.length).toBeLessThanOrEqual(outputLimits.deltaCharsMax)
    // Half a character cannot be stored as UTF-8.
    expect(text.isWellFormed()).toBe(true)
  }
  expect(reduceAll(emptyState, events).messages.at(-1)?.blocks[0]?.text).toBe(megabyte)
  const longest = Math.max(...events.map((event) => JSON.stringify(event).length))
  expect(longest).toBeLessThan(4 * outputLimits.deltaCharsMax)
  await h.ended(conversation, await h.ask(conversation, "and?", "other"))
})

test("[GRA1] text beyond the limit of a block is cut for everybody alike, and the run ends well", async () => {
  const { h, conversation } = await harness()
  await h.worker({ agent: answering("a".repeat(limits.blockCharsMax), "b".repeat(limits.blockCharsMax)) })
  const run = await h.ask(conversation, "hi")
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)?.status).toBe("completed")
  expect(saidIn(state, run)[0]).toBe("a".repeat(limits.blockCharsMax))
})

test("[GRA2] a checkpoint that cannot be read fails its run in words, and the conversation lives on", async () => {
  let isBroken = false
  const { h, conversation } = await harness((saver) => {
    const { getTuple } = saver
    return Object.assign(saver, {
      getTuple: (...args: Parameters<typeof getTuple>) =>
        isBroken ? Promise.reject(new SyntaxError("Unexpected token in JSON")) : getTuple.apply(saver, args),
    })
  })
  await h.worker({ agent: answering("fine"), other: answering("next") })
  await h.ended(conversation, await h.ask(conversation, "hi"))
  isBroken = true
  for (const text of ["well?", "and again?"]) {
    const run = await h.ask(conversation, text)
    const failed = runOf(await h.ended(conversation, run), run)
    expect(failed?.status).toBe("failed")
    expect(failed?.error).toContain("cannot be read")
    expect(failed?.error).toContain("begin a new conversation")
  }
  isBroken = false
  const next = await h.ask(conversation, "go on")
  expect(saidIn(await h.ended(conversation, next), next)).toEqual(["fine"])
})

test("[GRA1] a state that grows beyond its limit fails the run, names the limit, and leaves the last checkpoint", async () => {
  const { h, conversation } = await harness((saver) => withBoundedValues(saver, 10_000))
  const State = Annotation.Root({ ...MessagesAnnotation.spec, heap: Annotation<string> })
  const graph = new StateGraph(State)
    .addNode("grow", (state) => ({ heap: `${state.heap ?? ""}${"x".repeat(4_000)}` }))
    .addNode("say", () => ({ messages: [new AIMessage("never")] }))
    .addEdge(START, "grow")
    .addConditionalEdges("grow", () => "grow")
    .compile()
  await h.worker({ agent: graph as never, other: answering("next") })
  const run = await h.ask(conversation, "hi")
  const failed = runOf(await h.ended(conversation, run), run)
  expect(failed?.status).toBe("failed")
  expect(failed?.error).toContain("langgraph.checkpoint_bytes_max")
  const kept = await h.saver.getTuple({ configurable: { thread_id: conversation } })
  expect(String(kept?.checkpoint.channel_values["heap"])).toHaveLength(8_000)
  const next = await h.ask(conversation, "go on", "other")
  expect(saidIn(await h.ended(conversation, next), next)).toEqual(["next"])
})

test.each<[string, { [field: string]: unknown }, string]>([
  ["a schema that is a word", { value: "?", schema: "object" }, "it is no object"],
  ["a schema that is too long", { value: "?", schema: { description: "x".repeat(20_000) } }, "16384"],
  ["a pattern that is none", { value: "?", schema: { pattern: "(" } }, "schema cannot be used"],
  ["a reference out of it", { value: "?", schema: { $ref: "https://example.org/x" } }, "leads out of the schema"],
  ["a wait of no length", { value: "?", expiresInMs: 0 }, "expiresInMs"],
  ["a wait that is no number", { value: "?", expiresInMs: "soon" }, "expiresInMs"],
  ["a default that never comes", { value: "?", default: 1 }, "give expiresInMs"],
  [
    "a default that does not fit",
    { value: "?", expiresInMs: 9, schema: { type: "string" }, default: 1 },
    "does not fit",
  ],
])("[GRA1] a question made by hand with %s fails its run in words", async (_, question, words) => {
  const { h, conversation } = await harness()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", () => ({ messages: [new AIMessage(String(interrupt({ [askMark]: 1, ...question })))] }))
    .addEdge(START, "ask")
    .compile()
  await h.worker({ agent: graph })
  const run = await h.ask(conversation, "hi")
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)?.status).toBe("failed")
  expect(runOf(state, run)?.error).toContain(words)
  expect(state.interrupts).toEqual([])
})
