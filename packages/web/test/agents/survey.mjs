// Asks people with a schema, with a time that ends, and in a shape that only JSON can answer.
import { ask } from "@everthread/agent/author"
import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

const questions = {
  fields: () =>
    ask({
      question: "Where to?",
      schema: {
        type: "object",
        properties: {
          place: { type: "string", enum: ["Lisbon", "Oslo"], title: "Place" },
          nights: { type: "integer", title: "Nights", minimum: 1 },
          late: { type: "boolean", title: "Arrive late" },
        },
        required: ["place", "nights"],
      },
    }),
  list: () => ask({ question: "Which ones?", schema: { type: "array", items: { type: "integer" } } }),
  expiring: () => ask({ question: "Quick: yes?", schema: { type: "boolean" }, expiresInMs: 600_000, default: false }),
}

function work({ messages }) {
  const answer = questions[messages.at(-1).text]()
  return { messages: [new AIMessage(`Got ${JSON.stringify(answer)}`)] }
}

export const graph = new StateGraph(MessagesAnnotation).addNode("work", work).addEdge("__start__", "work").compile()
