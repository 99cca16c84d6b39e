/** An agent that ends its process, each time. */
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

function end() {
  process.kill(process.pid, "SIGKILL")
  // The signal is on its way: nothing more may happen before it is there.
  for (;;);
}

export const graph = new StateGraph(MessagesAnnotation).addNode("end", end).addEdge("__start__", "end").compile()
