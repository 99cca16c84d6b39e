// An agent that pays, and then asks, in one node: it runs again from its beginning when the answer is there.
import { appendFileSync } from "node:fs"
import { ask, once } from "@everthread/agent/author"
import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

async function work(_state, config) {
  const { receipt } = await once(config, "pay", ({ key }) => {
    appendFileSync(process.env.RECEIPTS, `${key}\n`)
    return { receipt: 7 }
  })
  const people = ask({
    question: "For how many?",
    schema: { type: "integer", minimum: 1 },
    expiresInMs: Number(process.env.EXPIRES_MS),
    default: 2,
  })
  return { messages: [new AIMessage(`receipt ${receipt}, people ${people}`)] }
}

export const graph = new StateGraph(MessagesAnnotation).addNode("work", work).addEdge("__start__", "work").compile()
