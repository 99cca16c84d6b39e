// An agent that answers with what its process is called, when the file GATE is there. No model.
import { existsSync } from "node:fs"
import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

async function answer(_state, { signal }) {
  console.log("at the gate")
  while (!existsSync(process.env.GATE)) {
    signal?.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return { messages: [new AIMessage(`from ${process.env.WHO}`)] }
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("answer", answer)
  .addEdge("__start__", "answer")
  .compile()
