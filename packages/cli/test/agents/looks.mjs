// An agent that calls a tool where it is told to look; the tool waits until the file GATE is there. No model.
import { existsSync } from "node:fs"
import { AIMessage, ToolMessage } from "@langchain/core/messages"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

const callsOf = (message) => message.tool_calls ?? []

function model({ messages }) {
  const last = messages.at(-1)
  const looks = last.getType() === "human" && last.text.startsWith("look")
  if (looks)
    return { messages: [new AIMessage({ content: "", tool_calls: [{ id: last.id, name: "look", args: {} }] })] }
  const answered = messages.findLastIndex((message) => message.getType() === "ai" && callsOf(message).length === 0)
  const asked = messages.slice(answered + 1).filter((message) => message.getType() === "human")
  return { messages: [new AIMessage(`told: ${asked.map(({ text }) => text).join(", ")}`)] }
}

async function tools({ messages }, { signal }) {
  console.log("in the tool")
  while (!existsSync(process.env.GATE)) {
    signal?.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return { messages: callsOf(messages.at(-1)).map(({ id }) => new ToolMessage({ tool_call_id: id, content: "found" })) }
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("model", model)
  .addNode("tools", tools)
  .addEdge("__start__", "model")
  .addConditionalEdges("model", ({ messages }) => (callsOf(messages.at(-1)).length > 0 ? "tools" : "__end__"))
  .addEdge("tools", "model")
  .compile()
