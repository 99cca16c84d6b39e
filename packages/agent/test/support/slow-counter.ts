/** A graph of two nodes that count to four; the second one waits before its last word. */
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { WordModel } from "./word-model.ts"

export function slowCounter(beforeLast: () => Promise<void>) {
  const low = new WordModel(["one ", "two"])
  const high = new WordModel(["three ", "four"], async (word) => (word === "four" ? beforeLast() : undefined))
  return new StateGraph(MessagesAnnotation)
    .addNode("low", async (state) => ({ messages: [await low.invoke(state.messages)] }))
    .addNode("high", async (state) => ({ messages: [await high.invoke(state.messages)] }))
    .addEdge(START, "low")
    .addEdge("low", "high")
    .compile()
}
