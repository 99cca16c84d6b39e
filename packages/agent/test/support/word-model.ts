/** A chat model that says given words, one chunk each, and lets a test look in between. */

import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager"
import { BaseChatModel } from "@langchain/core/language_models/chat_models"
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages"
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs"

export class WordModel extends BaseChatModel {
  readonly words: readonly string[]
  readonly before: (word: string, signal: AbortSignal | undefined) => Promise<void>

  constructor(words: readonly string[], before: WordModel["before"] = async () => {}) {
    super({})
    this.words = words
    this.before = before
  }

  override _llmType(): string {
    return "words"
  }

  override async _generate(): Promise<ChatResult> {
    const text = this.words.join("")
    return { generations: [{ text, message: new AIMessage(text) }] }
  }

  override async *_streamResponseChunks(
    _messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for (const text of this.words) {
      await this.before(text, options.signal)
      options.signal?.throwIfAborted()
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk(text) })
      yield chunk
      await manager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk })
    }
  }
}
