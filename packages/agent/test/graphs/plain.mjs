import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"

export default new StateGraph(MessagesAnnotation)
  .addNode("say", () => ({ messages: [new AIMessage("plain")] }))
  .addEdge(START, "say")
