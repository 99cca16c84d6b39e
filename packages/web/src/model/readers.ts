/** How far the others have read: each is named once, below the last message that they have seen. */
import type { ChatMessage, ConversationState } from "@everthread/protocol"
import { isShown } from "./who.ts"

/** @returns by a message's id, who has read up to there and no further. Where everybody is at one's own last words, too. */
export function readersBelow(
  messages: readonly ChatMessage[],
  receipts: ConversationState["receipts"],
  user: string,
): ReadonlyMap<string, readonly string[]> {
  const shown = messages.filter(isShown)
  const below = new Map<string, string[]>()
  for (const [reader, upTo] of Object.entries(receipts)) {
    if (reader === user) continue
    const last = shown.findLast((message) => message.seq <= upTo || message.by?.user === reader)
    if (last && last.by?.user !== reader) below.set(last.id, [...(below.get(last.id) ?? []), reader])
  }
  return below
}
