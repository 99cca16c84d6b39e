/** Messages that a run takes in while it is under way. */
import { EngineError } from "@everthread/engine"
import { interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { Gate } from "./support/gate.ts"
import { Harness, runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"
import { toolAgent } from "./support/tool-agent.ts"
import { WordModel } from "./support/word-model.ts"

const quick = { pollMs: 10, stopGraceMs: 10 }
let count = 0

/** Sends what is to be taken in. @returns its run. */
async function steer(h: Harness, conversation: string, text: string, agent = "agent"): Promise<string> {
  const by = { user: "bob", device: "laptop" }
  const [id, run] = [`s${++count}`, `sr${count}`]
  await h.append(
    conversation,
    [
      { type: "message", time: 0, by, id, key: id, text, agent },
      { type: "run.queued", time: 0, by, run, agent, message: id, whenBusy: "steer" },
    ],
    run,
  )
  return run
}

const openRuns = async (h: Harness) => (await h.engine.leases.openRuns()).map(({ run }) => run)

test("[QUE5] a message that comes during a tool call is taken in after its result, and answered in the same run", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { graph, histories } = toolAgent({ tool: () => gate.pass() })
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "look here")
  await gate.reached
  const second = await steer(h, conversation, "and there")
  gate.open()
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 1 })
  expect(runOf(state, second)).toMatchObject({ status: "merged", into: run })
  expect(histories).toEqual([
    ["human: look here"],
    ["human: look here", "ai: look()", "tool: found", "human: and there"],
  ])
  expect(saidIn(state, run).at(-1)).toBe("told: look here, and there")
  expect(await openRuns(h)).toEqual([])
})

test("[QUE5] one that comes while the model calls a tool waits for the tool's result", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { graph, histories } = toolAgent({ model: async (call) => (call === 1 ? gate.pass() : undefined) })
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "look here")
  await gate.reached
  const second = await steer(h, conversation, "and there")
  gate.open()
  const state = await h.ended(conversation, run)
  expect(histories.at(-1)).toEqual(["human: look here", "ai: look()", "tool: found", "human: and there"])
  expect(runOf(state, second)).toMatchObject({ status: "merged", into: run })
  expect(histories).toHaveLength(2)
})

test("[QUE5] several are taken in together, in order, and one that is meant for another agent has its turn there", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { graph, histories } = toolAgent({ tool: () => gate.pass() })
  await h.worker({ agent: graph, other: toolAgent().graph }, quick)
  const run = await h.ask(conversation, "look here")
  await gate.reached
  const there = await steer(h, conversation, "and there")
  const elsewhere = await steer(h, conversation, "elsewhere", "other")
  const too = await steer(h, conversation, "too")
  gate.open()
  const state = await h.ended(conversation, elsewhere)
  for (const merged of [there, too]) expect(runOf(state, merged)).toMatchObject({ status: "merged", into: run })
  // What was said to somebody else in between is part of the conversation, for each of them.
  expect(histories[1]?.slice(3)).toEqual(["human: and there", "human: elsewhere", "human: too"])
  expect(saidIn(state, elsewhere)).toEqual(["told: look here, and there, elsewhere"])
})

test("[QUE5] one that comes after the last superstep has begun has its own turn, and sees what was said", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { graph, histories } = toolAgent({ model: async (call) => (call === 1 ? gate.pass() : undefined) })
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "hi")
  await gate.reached
  const second = await steer(h, conversation, "you")
  gate.open()
  const state = await h.ended(conversation, second)
  expect([runOf(state, run)?.status, runOf(state, second)?.status]).toEqual(["completed", "completed"])
  expect(histories[1]).toEqual(["human: hi", "ai: told: hi", "human: you"])
})

test("[QUE5] one that is stopped, or taken back, before it is taken in is not given", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { graph, histories } = toolAgent({ tool: () => gate.pass() })
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "look here")
  await gate.reached
  const stopped = await steer(h, conversation, "not this")
  const takenBack = await steer(h, conversation, "nor this")
  const message = runOf(await h.state(conversation), takenBack)?.message ?? ""
  await h.append(conversation, [{ type: "redaction", time: 0, by: { user: "bob", device: "laptop" }, message }])
  await h.stop(conversation, stopped)
  gate.open()
  const state = await h.ended(conversation, takenBack)
  expect(runOf(state, run)?.status).toBe("completed")
  expect([runOf(state, stopped)?.status, runOf(state, takenBack)?.status]).toEqual(["stopped", "stopped"])
  expect(histories.flat().filter((line) => line.includes("this"))).toEqual([])
})

test("[QUE5] while a run waits for an answer it stays in the queue, and is taken in when the run goes on", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const seen: string[] = []
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", async () => {
      interrupt("May I?")
      return {}
    })
    .addNode("say", async ({ messages }) => {
      seen.push(messages.map(({ text }) => text).join("|"))
      return { messages: [await new WordModel(["done"]).invoke(messages)] }
    })
    .addConditionalEdges(START, ({ messages }) => (messages.length > 1 ? "say" : "ask"), ["ask", "say"])
    .addEdge("ask", "say")
    .compile()
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "go")
  const waiting = await h.until(conversation, (state) => runOf(state, run)?.status === "waiting")
  const second = await steer(h, conversation, "on")
  await h.answer(conversation, run, waiting.interrupts[0]?.id ?? "", true)
  const state = await h.ended(conversation, run)
  expect(runOf(state, second)).toMatchObject({ status: "merged", into: run })
  expect(seen).toEqual(["go|on"])
})

test("[QUE5] a subgraph is not cut in its middle: what it has done is in the thread when more is said", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const calls: string[] = []
  const says =
    (name: string, pass = async () => {}) =>
    async () => {
      calls.push(name)
      await pass()
      return { messages: [await new WordModel([name]).invoke("x")] }
    }
  const inner = new StateGraph(MessagesAnnotation)
    .addNode(
      "one",
      says("one", () => gate.pass()),
    )
    .addNode("two", says("two"))
    .addEdge(START, "one")
    .addEdge("one", "two")
    .compile()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("inner", inner)
    .addNode("last", async ({ messages }) => {
      calls.push(messages.map(({ text }) => text).join("|"))
      return { messages: [await new WordModel(["last"]).invoke("x")] }
    })
    .addConditionalEdges(START, ({ messages }) => (messages.length > 1 ? "last" : "inner"), ["inner", "last"])
    .addEdge("inner", "last")
    .compile()
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "go")
  await gate.reached
  const second = await steer(h, conversation, "on")
  gate.open()
  const state = await h.ended(conversation, run)
  expect(runOf(state, second)).toMatchObject({ status: "merged", into: run })
  expect(calls).toEqual(["one", "two", "go|one|two|on"])
})

test("[QUE5] an owner that dies after it gave the message, before it said so: it is not given again, and answered once", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const [tool, dying] = [new Gate(), new Gate()]
  const { graph, histories } = toolAgent({ tool: () => tool.pass() })
  const { log } = h.engine
  const mute = {
    ...log,
    append: async (request: Parameters<typeof log.append>[0]) => {
      if (!request.bodies.some((body) => body.includes('"merged"'))) return log.append(request)
      void dying.pass()
      throw new EngineError("unavailable", "It never comes to that.")
    },
  }
  const first = new Harness(h.folder, { ...h.engine, log: mute }, h.saver)
  const worker = await first.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "look here")
  await tool.reached
  const second = await steer(h, conversation, "and there")
  tool.open()
  await dying.reached
  expect(runOf(await h.state(conversation), second)?.status).toBe("queued")
  const [opening] = (await h.engine.leases.openRuns()).filter((each) => each.run === run)
  const ghost = { conversation, run, node: "ghost", nonce: "ghostghost", instead: opening?.owner?.fence }
  expect(await h.engine.leases.claim(ghost)).toBeDefined()
  const ended = h.ended(conversation, run)
  await Promise.all([worker.drain(0), h.worker({ agent: graph }, quick)])
  const state = await ended
  expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 2 })
  expect(runOf(state, second)).toMatchObject({ status: "merged", into: run })
  const given = histories.at(-1)?.filter((line) => line === "human: and there")
  expect(given).toEqual(["human: and there"])
  expect(saidIn(state, run).filter((text) => text === "told: look here, and there")).toHaveLength(1)
})

test("[QUE5] an owner that dies before it gave the message: the next one gives it", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { graph, histories } = toolAgent({ tool: () => gate.pass() })
  const worker = await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "look here")
  await gate.reached
  const second = await steer(h, conversation, "and there")
  await worker.drain(0)
  gate.open()
  await h.worker({ agent: graph }, quick)
  const state = await h.ended(conversation, run)
  expect(runOf(state, second)).toMatchObject({ status: "merged", into: run })
  expect(histories.at(-1)).toEqual(["human: look here", "ai: look()", "tool: found", "human: and there"])
})

test("[QUE5] what a run had taken in is given to it again where its checkpoints went with their worker", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const [tool, told] = [new Gate(), new Gate()]
  const forgetful = () => new Harness(h.folder, h.engine, new MemorySaver())
  const first = toolAgent({ tool: () => tool.pass(), model: async (call) => (call === 2 ? told.pass() : undefined) })
  const worker = await forgetful().worker({ agent: first.graph }, quick)
  await h.say(conversation, "by the way", "bob")
  const run = await h.ask(conversation, "look here")
  await tool.reached
  const second = await steer(h, conversation, "and there")
  tool.open()
  await told.reached
  expect(runOf(await h.state(conversation), second)).toMatchObject({ status: "merged", into: run })
  await worker.drain(0)
  const other = toolAgent()
  await forgetful().worker({ agent: other.graph }, quick)
  const state = await h.ended(conversation, run)
  told.open()
  expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 2 })
  expect(other.histories[0]).toEqual(["human: by the way", "human: look here", "human: and there"])
})
