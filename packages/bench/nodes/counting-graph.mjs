/**
 * An agent that counts, for whoever runs LangGraph.js graphs: sixty numbers in six supersteps, a message each, slowly
 * enough for a device to leave and for a node to die in the middle of them.
 */
import { setTimeout as pause } from "node:timers/promises"
import { BaseChatModel } from "@langchain/core/language_models/chat_models"
import { AIMessage, AIMessageChunk } from "@langchain/core/messages"
import { ChatGenerationChunk } from "@langchain/core/outputs"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

const steps = 6
const perStep = 10
const numberMs = 50

const saidIn = (messages) => messages.length - 1 - messages.findLastIndex((message) => message.getType() === "human")

class Counter extends BaseChatModel {
  _llmType() {
    return "counter"
  }

  async _generate() {
    return { generations: [{ text: "", message: new AIMessage("") }] }
  }

  async *_streamResponseChunks(messages, options, manager) {
    const from = saidIn(messages) * perStep
    for (let number = from + 1; number <= from + perStep; number++) {
      await pause(numberMs, undefined, options.signal ? { signal: options.signal } : {})
      const text = `${number} `
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk(text) })
      yield chunk
      await manager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk })
    }
  }
}

const model = new Counter({})

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("count", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
  .addEdge("__start__", "count")
  .addConditionalEdges("count", ({ messages }) => (saidIn(messages) < steps ? "count" : "__end__"), [
    "count",
    "__end__",
  ])
  .compile()
