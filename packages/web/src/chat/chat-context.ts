/** What everything inside one chat may use; it stays the same object while the chat is open. */
import type { Conversation } from "@everthread/client"
import type { ChatMessage } from "@everthread/protocol"
import { createContext, useContext } from "react"

/** What is being written is about another message. */
export type About =
  | { readonly kind: "reply"; readonly message: ChatMessage }
  | { readonly kind: "edit"; readonly message: ChatMessage }

export interface ChatTools {
  readonly conversation: Conversation
  writeAbout(about: About | undefined): void
  /** Has a run's question answered anew. @param before is done first, once it is certain. */
  answerAnew(run: string, before?: () => void): void
}

export const ChatContext = createContext<ChatTools | undefined>(undefined)

export function useChat(): ChatTools {
  const tools = useContext(ChatContext)
  if (!tools) throw new Error("No conversation is open here.")
  return tools
}
