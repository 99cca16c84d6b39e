/**
 * An agent that says so many words at so many a second: what it is asked says how many and how fast, as `250 words, 50 a second`.
 * With `, 5 steps` it says them in so many supersteps, a message each. It works as little as an agent can, so that what is measured is what is around it.
 */
import { setTimeout as pause } from "node:timers/promises"
import { BaseChatModel } from "@langchain/core/language_models/chat_models"
import { AIMessage, AIMessageChunk } from "@langchain/core/messages"
import { ChatGenerationChunk } from "@langchain/core/outputs"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"

const words =
  "a device that drops comes back exactly where it was on any node and reads the same words as everybody else".split(
    " ",
  )

const wishOf = (messages) => {
  const asking = messages.findLast((message) => message.getType() === "human")
  const [count, perSecond, steps = 1] = asking.text.match(/\d+/g).map(Number)
  return { words: count, perSecond, steps }
}

const nextOf = ({ messages }) => {
  const said = messages.length - 1 - messages.findLastIndex((message) => message.getType() === "human")
  return said < wishOf(messages).steps ? "talk" : "__end__"
}

export const asked = (count, perSecond) => `${count} words, ${perSecond} a second`

class Talker extends BaseChatModel {
  _llmType() {
    return "talker"
  }

  async _generate() {
    return { generations: [{ text: "", message: new AIMessage("") }] }
  }

  async *_streamResponseChunks(messages, options, manager) {
    const { words: all, perSecond, steps } = wishOf(messages)
    const count = all / steps
    const startedAt = performance.now()
    for (let said = 0; said < count; said++) {
      const dueMs = (said * 1_000) / perSecond - (performance.now() - startedAt)
      if (dueMs > 0) await pause(dueMs, undefined, options.signal ? { signal: options.signal } : {})
      const text = `${words[said % words.length]} `
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk(text) })
      yield chunk
      await manager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk })
    }
  }
}

const model = new Talker({})

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("talk", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
  .addEdge("__start__", "talk")
  .addConditionalEdges("talk", nextOf, ["talk", "__end__"])
  .compile()
