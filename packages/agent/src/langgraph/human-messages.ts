/** What people wrote, as LangChain's messages. The log's id of a message is the `HumanMessage`'s. */
import { HumanMessage } from "@langchain/core/messages"
import type { InputMessage } from "../run-input.ts"

/** Models that take a name allow no white space, angle brackets, bars or slashes in it, and 64 characters. */
const nameCharsMax = 64

export function humanMessages(messages: readonly InputMessage[]): HumanMessage[] {
  return messages.map(({ id, text, user }) => {
    const name = user?.replace(/[\s<|\\/>]/gu, "_").slice(0, nameCharsMax)
    return new HumanMessage({ id, content: text, ...(name ? { name } : {}) })
  })
}
