// An agent that never answers, whoever asks it to stop. It says when it has begun.
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

function answer() {
  console.log("stuck now")
  return new Promise(() => setInterval(() => {}, 60_000))
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("answer", answer)
  .addEdge("__start__", "answer")
  .compile()
