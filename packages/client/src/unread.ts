/**
 * What somebody has not read: messages of others behind their receipt.
 *
 * Receipts count in seqs of the log, and a message stands where it began: one that is still being written when its place
 * is read counts as read. What has no words is nothing to read: a call of a tool is shown and not counted.
 */
import { type ChatMessage, type ConversationState, type Seq, textOf } from "@everthread/protocol"

/** People choose their names: one that happens to be `constructor` must not find what every object inherits. */
export function readUpTo(receipts: ConversationState["receipts"] | undefined, user: string): Seq {
  return receipts !== undefined && Object.hasOwn(receipts, user) ? (receipts[user] ?? 0) : 0
}

export function isUnread(message: ChatMessage, user: string, upTo: Seq): boolean {
  if (message.seq <= upTo || message.by?.user === user || message.redacted === true) return false
  return (message.by ? message.text : textOf(message)) !== ""
}
