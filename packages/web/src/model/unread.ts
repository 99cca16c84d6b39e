/** How much somebody has not read, where it begins, and what they say when they have read it. */
import { isUnread } from "@everthread/client"
import type { ChatMessage, Seq } from "@everthread/protocol"

/** Beyond it nobody counts: "99+" says enough. */
const countMax = 99

export function isOwn(message: ChatMessage, user: string): boolean {
  return message.by?.user === user
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
