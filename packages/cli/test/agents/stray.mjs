// An agent whose file leaves a rejected promise behind, which nobody looks at. It says so only once the server runs.
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

setInterval(() => {
  if (process.listenerCount("unhandledRejection") > 0) Promise.reject(new Error("nobody looks at me"))
}, 10)

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("answer", () => ({}))
  .addEdge("__start__", "answer")
  .compile()
