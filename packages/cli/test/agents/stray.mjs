// An agent whose file throws where nobody can catch it, once the server runs.
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

setInterval(() => {
  if (process.listenerCount("uncaughtException") > 0) throw new Error("nobody catches me")
}, 10)

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("answer", () => ({}))
  .addEdge("__start__", "answer")
  .compile()
