/**
 * An agent whose answer everybody can foretell: two steps with a checkpoint between them, a message each, word by word. Where
 * it was asked with a question mark it asks back between the two.
 *
 * Words come slowly enough for a node to die in the middle of them.
 */
import { setTimeout as pause } from "node:timers/promises"
import { BaseChatModel } from "@langchain/core/language_models/chat_models"
import { AIMessage, AIMessageChunk } from "@langchain/core/messages"
import { ChatGenerationChunk } from "@langchain/core/outputs"
import { interrupt, MessagesAnnotation, StateGraph } from "@langchain/langgraph"
import { answerTo, isQuestionFor } from "./answer.mjs"

const wordMs = 20

const askedOf = (messages) => messages.findLast((message) => message.getType() === "human").text

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
    return answerTo(askedOf(messages)).at(this.step)
  }
}

const step = (index) => {
  const model = new Reciter(index)
  return async ({ messages }) => ({ messages: [await model.invoke(messages)] })
}

/** Its node runs from its beginning when the answer is there: what it says is said behind the question. */
const ask = async (state) => {
  interrupt("Shall I go on?")
  return step(1)(state)
}

const afterRepeating = ({ messages }) => (isQuestionFor(askedOf(messages)) ? "ask" : "count")

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("repeat", step(0))
  .addNode("ask", ask)
  .addNode("count", step(-1))
  .addEdge("__start__", "repeat")
  .addConditionalEdges("repeat", afterRepeating, ["ask", "count"])
  .addEdge("ask", "count")
  .compile()
