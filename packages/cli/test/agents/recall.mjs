// An agent that says what it knows: the words of everybody in its thread, each as often as it has them. "ask" makes it ask.
import { AIMessage } from "@langchain/core/messages"
import { interrupt, MessagesAnnotation, StateGraph } from "@langchain/langgraph"

const words = (messages) => messages.filter((message) => message.getType() === "human").map(({ content }) => content)

function listen({ messages }) {
  const answer = messages.at(-1).content === "ask" ? interrupt("what?") : undefined
  return answer === undefined ? {} : { messages: [new AIMessage(`told ${answer}`)] }
}

const recall = ({ messages }) => ({ messages: [new AIMessage(`I know: ${words(messages).join(", ")}`)] })

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("listen", listen)
  .addNode("recall", recall)
  .addEdge("__start__", "listen")
  .addEdge("listen", "recall")
  .compile()
