// An agent with two steps. With BLOCK set, the second one never ends; it says when it has begun.
import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

function second() {
  console.log("in the second step")
  if (process.env.BLOCK) return new Promise(() => setInterval(() => {}, 60_000))
  return { messages: [new AIMessage("two")] }
}

function first() {
  console.log("in the first step")
  return { messages: [new AIMessage("one")] }
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("first", first)
  .addNode("second", second)
  .addEdge("__start__", "first")
  .addEdge("first", "second")
  .compile()
