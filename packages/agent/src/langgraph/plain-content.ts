/**
 * Gives a model's message back the content that it has outside a stream.
 *
 * While `streamEvents` version 3 listens, LangChain builds a model's message out of content blocks: words
 * become `[{type: "text", …}]`, and a message that only calls tools becomes `[]`. A graph that works with
 * `invoke` then reads a list where it reads a string, and some providers refuse the empty list when the
 * message goes back to them. What was only words and tool calls becomes a string again; a message with
 * anything else in it (thoughts, images) stays as blocks, because a string could not hold it.
 *
 * It changes the message in the one place that every model passes on its way to the node that called it.
 */
import { BaseCallbackHandler } from "@langchain/core/callbacks/base"
import { AIMessage } from "@langchain/core/messages"
import type { LLMResult } from "@langchain/core/outputs"

/** The two kinds of blocks that a message holds elsewhere too: words as its content, calls as its `tool_calls`. */
const plainBlocks: ReadonlySet<string> = new Set(["text", "tool_call"])

export class PlainContent extends BaseCallbackHandler {
  override readonly name = "everthread-plain-content"
  /** The node gets the message when this has been awaited, not before. */
  override awaitHandlers = true

  override handleLLMEnd({ generations }: LLMResult): void {
    for (const generation of generations.flat()) {
      const message = "message" in generation ? generation.message : undefined
      // A graph may bring its own copy of LangChain, so the class is asked by its mark.
      if (AIMessage.isInstance(message)) makePlain(message)
    }
  }
}

export function makePlain(message: AIMessage): void {
  const { content, response_metadata } = message
  if (response_metadata["output_version"] !== "v1" || !Array.isArray(content)) return
  if (!content.every(({ type }) => plainBlocks.has(type))) return
  const { output_version: _blocks, ...metadata } = response_metadata
  message.content = content.map((block) => (typeof block["text"] === "string" ? block["text"] : "")).join("")
  message.response_metadata = metadata
}
