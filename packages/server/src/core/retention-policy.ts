/** How long messages are kept, and how many: what of a conversation is too old or too much. */
import type { ChatMessage } from "@everthread/protocol"

export interface RetentionPolicy {
  /** Days that a message is kept; 0: for ever. */
  readonly daysMax: number
  /** Messages that a conversation keeps, give or take an eighth; 0: all. */
  readonly messagesMax: number
}

/** What of one conversation is due to go: so many of its oldest messages, and those written before a moment. */
export interface Excess {
  readonly surplus: number
  /** Milliseconds since 1970. */
  readonly writtenBefore: number
}

const dayMs = 24 * 60 * 60 * 1_000
/** A conversation may have an eighth more than it keeps: so that not every message pushes one out, and the log with it. */
const slackPart = 8

export const isLimited = ({ daysMax, messagesMax }: RetentionPolicy): boolean => daysMax > 0 || messagesMax > 0

/**
 * @param now `undefined` where the time is in doubt: then nothing is too old.
 * @param count how many messages the conversation has.
 */
export function excessOf(policy: RetentionPolicy, now: number | undefined, count: number): Excess {
  return { surplus: surplusOf(policy, count), writtenBefore: writtenBefore(policy, now) }
}

function surplusOf({ messagesMax }: RetentionPolicy, count: number): number {
  const isTooMany = messagesMax > 0 && count > messagesMax + Math.floor(messagesMax / slackPart)
  return isTooMany ? count - messagesMax : 0
}

/** Whole days of UTC go, so that a conversation loses messages once a day and not all the time. */
function writtenBefore({ daysMax }: RetentionPolicy, now: number | undefined): number {
  if (daysMax === 0 || now === undefined) return Number.NEGATIVE_INFINITY
  return Math.floor(now / dayMs - daysMax) * dayMs
}

/**
 * Whether a message goes. To be asked of the oldest first, until one stays: a message that a clock ran ahead for
 * keeps those behind it, and one that it was set back for takes none along.
 *
 * @param index how many older ones there are.
 */
export function isExcess({ surplus, writtenBefore }: Excess, message: Pick<ChatMessage, "time">, index: number) {
  return index < surplus || message.time < writtenBefore
}
