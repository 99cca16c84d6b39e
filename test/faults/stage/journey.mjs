/**
 * An agent that comes by every kind of place at which a process can die: in the middle of a message, between two nodes,
 * in a tool, in parallel branches, in a subgraph, at a question. At each it tells the test, and goes on when it may.
 *
 * In a conversation whose name begins with `once` it pays with `once`, in others without.
 */
import { setTimeout as pause } from "node:timers/promises"
import { once, toolKey } from "@everthread/agent/author"
import { tool } from "@langchain/core/tools"
import { interrupt, MessagesAnnotation, StateGraph } from "@langchain/langgraph"
import { ToolNode } from "@langchain/langgraph/prebuilt"
import { textOf, wordsOf } from "./journey-script.mjs"
import { effect, reach } from "./reach.mjs"
import { SlowSpeaker } from "./slow-speaker.mjs"

const pollMs = 5

/** Says a line, and comes by its beginning, its first word, its middle and its last one. */
async function say(name, config, calls = []) {
  const words = wordsOf(textOf(name))
  const places = new Set([1, Math.ceil(words.length / 2), words.length])
  const said = async (count) => {
    if (places.has(count)) await reach(config, `${name}:${count}`)
  }
  await reach(config, `${name}:0`)
  return new SlowSpeaker(words, said, calls).invoke([], config)
}

const saying = (name) => async (_state, config) => ({ messages: [await say(name, config)] })

/** As a model does that calls a tool: the call and its name are in a checkpoint before the tool runs. */
async function order(_state, config) {
  return { messages: [await say("order", config, [{ id: "call-1", name: "pay", args: {} }])] }
}

const pay = tool(
  async (_input, config) => {
    const charge = async ({ key, again }) => {
      await reach(config, "tool:begun")
      await effect(config, { key, again })
      await reach(config, "tool:done")
      return "paid"
    }
    const isOnce = config.configurable.conversation.startsWith("once")
    const result = isOnce ? await once(config, charge) : await charge({ key: toolKey(config), again: false })
    await reach(config, "tool:kept")
    return result
  },
  { name: "pay", description: "pays", schema: { type: "object", properties: {} } },
)

/** Speaks when what the left one has done is stored: then one branch is done and the other is not. */
async function right(_state, config) {
  const root = { configurable: { ...config.configurable, checkpoint_ns: "", checkpoint_id: undefined } }
  const isLeftDone = async () =>
    (await graph.getState(root)).tasks.some(({ name, result }) => name === "left" && result)
  while (!(await isLeftDone())) await pause(pollMs)
  return { messages: [await say("right", config)] }
}

async function ask(_state, config) {
  const asked = await say("ask", config)
  interrupt({ question: "May I go on?" })
  return { messages: [asked, await say("answered", config)] }
}

const inner = new StateGraph(MessagesAnnotation)
  .addNode("first", saying("first"))
  .addNode("second", saying("second"))
  .addEdge("__start__", "first")
  .addEdge("first", "second")
  .compile()

/** The node has said everything and returned, and nothing of that is stored. */
async function onEdge(_state, config) {
  await reach(config, "edge")
  return "order"
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("tell", saying("tell"))
  .addNode("order", order)
  .addNode("tools", new ToolNode([pay]))
  .addNode("left", saying("left"))
  .addNode("right", right)
  .addNode("inner", inner)
  .addNode("ask", ask)
  .addNode("end", saying("end"))
  .addEdge("__start__", "tell")
  .addConditionalEdges("tell", onEdge, ["order"])
  .addEdge("order", "tools")
  .addEdge("tools", "left")
  .addEdge("tools", "right")
  .addEdge(["left", "right"], "inner")
  .addEdge("inner", "ask")
  .addEdge("ask", "end")
  .compile()
