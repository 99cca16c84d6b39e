/**
 * Where that begins which is new to whoever looks at a conversation: what they had not read when they came to it. What
 * comes in while they look is not marked, and the mark stays where it is while they read.
 */
import { type ConversationView, readUpTo } from "@everthread/client"
import type { Seq } from "@everthread/protocol"
import { useState } from "react"
import { firstUnread } from "../model/unread.ts"
import { useVisible } from "./use-visible.ts"

export function useNewFrom(view: ConversationView, user: string): Seq | undefined {
  const isVisible = useVisible()
  const isLooking = isVisible && view.status === "live"
  const [seen, setSeen] = useState<{ readonly isLooking: boolean; readonly from: Seq | undefined }>()
  if (isLooking === (seen?.isLooking ?? false)) return seen?.from
  // During the draw and not after it: what is read is said after it, and the line must not jump in a moment later.
  const from = isLooking ? firstUnread(view.messages, user, readUpTo(view.state.receipts, user)) : seen?.from
  setSeen({ isLooking, from })
  return from
}
