/** Says how far was read, when somebody can have read it: the page is visible and shows the newest. */
import { type Conversation, type ConversationView, readUpTo } from "@everthread/client"
import { useEffect, useRef } from "react"
import { receiptFor } from "../model/unread.ts"
import { useVisible } from "./use-visible.ts"

export function useReadMarker(
  conversation: Conversation,
  view: ConversationView,
  user: string,
  isAtEnd: boolean,
): void {
  const isVisible = useVisible()
  /** The log says so a moment later: until then it must not be said again. */
  const said = useRef(0)
  const { messages, state, status } = view
  useEffect(() => {
    if (!isVisible || !isAtEnd || status !== "live") return
    const upTo = receiptFor(messages, user, Math.max(said.current, readUpTo(state.receipts, user)))
    if (upTo === undefined) return
    said.current = upTo
    // It is refused only to those who may not read here any more.
    conversation.markRead(upTo).catch(() => {})
  }, [conversation, messages, state.receipts, status, user, isVisible, isAtEnd])
}
