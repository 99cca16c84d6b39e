/** Graphs in every form an author may export, with TypeScript that cannot be erased. */
import { AIMessage } from "@langchain/core/messages"
import * as langgraph from "@langchain/langgraph"

// @ts-expect-error An enum cannot be erased, so plain Node could not load this file.
enum Mood {
  Glad = "glad",
}

export const builder = new langgraph.StateGraph(langgraph.MessagesAnnotation)
  .addNode("say", () => ({ messages: [new AIMessage(Mood.Glad)] }))
  .addEdge(langgraph.START, "say")

export const graph = builder.compile()
export const maker = () => builder
export const slowMaker = async (config: { configurable: object }) => ({ graph: builder.compile(), config })
export const failing = async () => {
  throw new Error("no key")
}
export const notAGraph = { nodes: [] }
export const instance = langgraph.StateGraph
