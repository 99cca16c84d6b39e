// An agent as a user would bring it: plain JavaScript, no model.
import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

const answer = ({ messages }) => ({ messages: [new AIMessage(`You said: ${messages.at(-1).content}`)] })

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("answer", answer)
  .addEdge("__start__", "answer")
  .compile()
