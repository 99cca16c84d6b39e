/** Graphs in graphs, in every way in which authors put them there; each says what its title lists. */
import { AIMessage, type BaseMessage } from "@langchain/core/messages"
import { tool } from "@langchain/core/tools"
import { Annotation, interrupt, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { ToolNode } from "@langchain/langgraph/prebuilt"
import type { AnyGraph } from "../../src/langgraph/thread-position.ts"
import { WordModel } from "./word-model.ts"

/** @param turns of the event loop before each word: so a sibling is done first, and stored. */
const says =
  (text: string, turns = 0) =>
  async () => {
    const pause = async () => {
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
    return { messages: [await new WordModel(text.split(/(?<= )/), pause).invoke("x")] }
  }

/** `one` and then `two`. */
const pair = (name: string) =>
  new StateGraph(MessagesAnnotation)
    .addNode("one", says(`${name} one`))
    .addNode("two", says(`${name} two`))
    .addEdge(START, "one")
    .addEdge("one", "two")

const branches = () =>
  new StateGraph(MessagesAnnotation)
    .addNode("left", says("on the left"))
    .addNode("right", says("on the right", 50))
    .addNode("both", says("and both"))
    .addEdge(START, "left")
    .addEdge(START, "right")
    .addEdge(["left", "right"], "both")
    .compile()

type Inner = (state: typeof MessagesAnnotation.State) => Promise<{ messages: BaseMessage[] }>

/** Says something before and behind it. */
const around = (inner: AnyGraph | Inner): AnyGraph =>
  new StateGraph(MessagesAnnotation)
    .addNode("before", says("it begins"))
    .addNode("inner", inner as Inner)
    .addNode("behind", says("it ends"))
    .addEdge(START, "before")
    .addEdge("before", "inner")
    .addEdge("inner", "behind")
    .compile()

const calls =
  (graph: AnyGraph): Inner =>
  async (state) => ({ messages: (await graph.invoke(state)).messages.slice(state.messages.length) })

/** A node whose graph has a state of its own, of which only the last words come back. */
function other(): Inner {
  const inner = new StateGraph(Annotation.Root({ notes: MessagesAnnotation.spec.messages }))
    .addNode("draft", async () => ({ notes: (await says("a draft")()).messages }))
    .addNode("final", async () => ({ notes: (await says("a text")()).messages }))
    .addEdge(START, "draft")
    .addEdge("draft", "final")
    .compile()
  return async (state) => ({ messages: (await inner.invoke({ notes: state.messages.slice(0, 1) })).notes.slice(-1) })
}

function agentAsTool(): AnyGraph {
  const expert = pair("expert").compile()
  const consult = tool(
    async () => (await expert.invoke({ messages: [] })).messages.map(({ content }) => content).join(", "),
    { name: "consult", description: "asks the expert", schema: { type: "object", properties: {} } },
  )
  const order = async () => {
    const message = await new WordModel(["I ", "ask"]).invoke("x")
    const call = { id: "call-1", name: "consult", args: {} }
    return { messages: [new AIMessage({ id: message.id ?? "", content: message.content, tool_calls: [call] })] }
  }
  return new StateGraph(MessagesAnnotation)
    .addNode("order", order)
    .addNode("tools", new ToolNode([consult]))
    .addNode("behind", says("it ends"))
    .addEdge(START, "order")
    .addEdge("order", "tools")
    .addEdge("tools", "behind")
    .compile()
}

/** What was said before it asks stays said when it goes on. */
function asking(): AnyGraph {
  return new StateGraph(MessagesAnnotation)
    .addNode("one", says("let me see"))
    .addNode("two", async () => ({ messages: [new AIMessage(`so ${interrupt("which?")}`)] }))
    .addEdge(START, "one")
    .addEdge("one", "two")
    .compile()
}

export interface Nested {
  readonly title: string
  readonly graph: AnyGraph
  readonly said: readonly string[]
}

const [first, last] = ["it begins", "it ends"]
const nested = (title: string, inner: AnyGraph | Inner, ...within: string[]): Nested => {
  return { title, graph: around(inner), said: [first, ...within, last] }
}

export const nestedGraphs = (): readonly Nested[] => [
  { title: "branches", graph: branches(), said: ["on the left", "on the right", "and both"] },
  nested("a graph as a node", pair("in").compile(), "in one", "in two"),
  nested("a graph that a node calls", calls(pair("in").compile()), "in one", "in two"),
  nested("a graph with branches", branches(), "on the left", "on the right", "and both"),
  nested("a graph with branches that a node calls", calls(branches()), "on the left", "on the right", "and both"),
  nested("a graph in a graph", around(pair("in").compile()), first, "in one", "in two", last),
  nested(
    "a graph that a graph calls that a node calls",
    calls(around(calls(pair("in").compile()))),
    first,
    "in one",
    "in two",
    last,
  ),
  nested("a graph of another state", other(), "a draft", "a text"),
  nested("a graph that keeps its state", pair("in").compile({ checkpointer: true }), "in one", "in two"),
  nested("a graph without checkpoints", pair("in").compile({ checkpointer: false }), "in one", "in two"),
  { title: "an agent as a tool", graph: agentAsTool(), said: ["I ask", "expert one", "expert two", last] },
  nested("a graph that asks", asking(), "let me see", "so this"),
  nested("a graph that asks, called by a node", calls(asking()), "let me see", "so this"),
]
