/** A chat model that says given words, slowly enough for a node to die in the middle of them. */
import { setTimeout as pause } from "node:timers/promises"
import { BaseChatModel } from "@langchain/core/language_models/chat_models"
import { AIMessage, AIMessageChunk } from "@langchain/core/messages"
import { ChatGenerationChunk } from "@langchain/core/outputs"

const wordMs = 5

export class SlowSpeaker extends BaseChatModel {
  /**
   * @param {readonly string[]} words
   * @param {(count: number) => Promise<unknown>} said awaited after each word
   * @param {readonly { id: string, name: string, args: object }[]} calls of tools, behind the words
   */
  constructor(words, said, calls) {
    super({})
    this.words = words
    this.said = said
    this.calls = calls
  }

  _llmType() {
    return "slow-speaker"
  }

  async _generate() {
    const text = this.words.join("")
    return { generations: [{ text, message: new AIMessage({ content: text, tool_calls: [...this.calls] }) }] }
  }

  async *_streamResponseChunks(_messages, options, manager) {
    for (const [index, text] of this.words.entries()) {
      await pause(wordMs, undefined, options.signal ? { signal: options.signal } : {})
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk(text) })
      yield chunk
      await manager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk })
      await this.said(index + 1)
    }
    const tool_call_chunks = this.calls.map(({ id, name, args }) => {
      return { type: "tool_call_chunk", index: 1, id, name, args: JSON.stringify(args) }
    })
    const message = new AIMessageChunk({ content: "", tool_call_chunks })
    if (this.calls.length > 0) yield new ChatGenerationChunk({ text: "", message })
  }
}
