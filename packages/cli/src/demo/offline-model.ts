/** The chat model of the demo where there is no API key: streams `offline-replies.ts` word by word. */
import { setTimeout as sleep } from "node:timers/promises"
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager"
import { BaseChatModel } from "@langchain/core/language_models/chat_models"
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages"
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs"
import { type OfflineReply, replyTo, replyToTool } from "./offline-replies.ts"

export class OfflineModel extends BaseChatModel {
  readonly #wordDelayMs: number
  readonly #reply: (messages: readonly BaseMessage[]) => OfflineReply

  /**
   * @param wordDelayMs how long each word takes, in milliseconds.
   * @param reply what it says, where that is not what it says to everybody.
   */
  constructor(wordDelayMs: number, reply: (messages: readonly BaseMessage[]) => OfflineReply = replyFor) {
    super({})
    this.#wordDelayMs = wordDelayMs
    this.#reply = reply
  }

  override _llmType(): string {
    return "everthread-offline-demo"
  }

  /** It knows the demo's tools by heart. */
  override bindTools(): this {
    return this
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const { text, call } = this.#reply(messages)
    const tool_calls = call ? [{ id: newCallId(), name: call.name, args: { ...call.args } }] : []
    return { generations: [{ text, message: new AIMessage({ content: text, tool_calls }) }] }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { text, call } = this.#reply(messages)
    for (const word of words(text)) {
      await sleep(this.#wordDelayMs, undefined, { ...(options.signal ? { signal: options.signal } : {}) })
      const chunk = new ChatGenerationChunk({ text: word, message: new AIMessageChunk(word) })
      yield chunk
      await manager?.handleLLMNewToken(word, undefined, undefined, undefined, undefined, { chunk })
    }
    if (call) yield new ChatGenerationChunk({ text: "", message: callChunk(call) })
  }
}

function replyFor(messages: readonly BaseMessage[]): OfflineReply {
  const said = messages.findLast((message) => message.getType() === "human")?.text ?? ""
  const last = messages.at(-1)
  return last?.getType() === "tool" ? replyToTool(said, last.text) : replyTo(said)
}

function callChunk({ name, args }: NonNullable<OfflineReply["call"]>): AIMessageChunk {
  // Behind the text: blocks of one index would become one block.
  const chunk = { type: "tool_call_chunk" as const, index: 1, id: newCallId(), name, args: JSON.stringify(args) }
  return new AIMessageChunk({ content: "", tool_call_chunks: [chunk] })
}

function newCallId(): string {
  return `call_${crypto.randomUUID()}`
}

/** Words with the space that follows; Chinese has none, so there a character is a word. */
function words(text: string): readonly string[] {
  return text.match(/\p{Script=Han}|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? []
}
