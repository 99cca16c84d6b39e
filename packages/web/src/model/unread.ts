/**
 * What somebody has not read: messages of others behind their receipt.
 *
 * Receipts count in seqs of the log, and a message stands where it began: one that is still being written when its place
 * is read counts as read. What has no words is nothing to read: a call of a tool is shown and not counted.
 */
import type { ChatMessage, Seq } from "@everthread/protocol"
import { plainText } from "./who.ts"

/** Beyond it nobody counts: "99+" says enough. */
const countMax = 99

export function isOwn(message: ChatMessage, user: string): boolean {
  return message.by?.user === user
}

export function unreadCount(messages: readonly ChatMessage[], user: string, readUpTo: Seq): number {
  return messages.filter((message) => isUnread(message, user, readUpTo)).length
}

export function countText(count: number): string {
  return count > countMax ? `${countMax}+` : `${count}`
}

/** @returns where the first message is that was not read. */
export function firstUnread(messages: readonly ChatMessage[], user: string, readUpTo: Seq): Seq | undefined {
  return messages.find((message) => isUnread(message, user, readUpTo))?.seq
}

/** @returns what a receipt is to say when all these are read; `undefined`: it says it already, or they are one's own. */
export function receiptFor(messages: readonly ChatMessage[], user: string, readUpTo: Seq): Seq | undefined {
  return messages.findLast((message) => isUnread(message, user, readUpTo))?.seq
}

function isUnread(message: ChatMessage, user: string, readUpTo: Seq): boolean {
  return message.seq > readUpTo && !isOwn(message, user) && message.redacted !== true && plainText(message) !== ""
}
