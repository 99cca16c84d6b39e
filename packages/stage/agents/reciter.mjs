/**
 * An agent whose answer everybody can foretell: two steps with a checkpoint between them, a message each, word by word.
 *
 * Words come slowly enough for a node to die in the middle of them.
 */
import { setTimeout as pause } from "node:timers/promises"
import { BaseChatModel } from "@langchain/core/language_models/chat_models"
import { AIMessage, AIMessageChunk } from "@langchain/core/messages"
import { ChatGenerationChunk } from "@langchain/core/outputs"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"
import { answerTo } from "./answer.mjs"

const wordMs = 20

class Reciter extends BaseChatModel {
  constructor(step) {
    super({})
    this.step = step
  }

  _llmType() {
    return "reciter"
  }

  async _generate(messages) {
    const text = this.#textFor(messages)
    return { generations: [{ text, message: new AIMessage(text) }] }
  }

  async *_streamResponseChunks(messages, options, manager) {
    for (const text of this.#textFor(messages).match(/\S+\s*/g)) {
      await pause(wordMs, undefined, options.signal ? { signal: options.signal } : {})
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk(text) })
      yield chunk
      await manager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk })
    }
  }

  #textFor(messages) {
    return answerTo(messages.findLast((message) => message.getType() === "human").text)[this.step]
  }
}

const step = (index) => {
  const model = new Reciter(index)
  return async ({ messages }) => ({ messages: [await model.invoke(messages)] })
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("repeat", step(0))
  .addNode("count", step(1))
  .addEdge("__start__", "repeat")
  .addEdge("repeat", "count")
  .compile()
