/**
 * What the core tells whoever measures a node. It names no metric and knows no library: `metrics/` turns
 * what it is told into what `/metrics` shows.
 *
 * Nothing here is called once for each device that a frame goes to. What grows with the devices is kept as
 * plain numbers by the connections, and added up when somebody asks.
 */
import type { ErrorCode } from "@everthread/protocol"
import type { LogFrame } from "./log-frame.ts"

export interface Meter {
  /** A message is about to be given to the store, under this nonce. */
  sending(nonce: string): void
  /** The store has answered an append. */
  appended(what: "send" | "other", seconds: number): void
  /** A message of a person is stored. `seconds` since the node took it up; a repeat is not told. */
  messageStored(seconds: number): void
  /** A frame was handed to every connection of this node that follows the conversation. */
  delivered(frame: LogFrame): void
  /** Entries that the node was not told of, or not in turn, were read from the store. */
  filled(): void
  /** What a device held was replaced by a snapshot. */
  reset(reason: "diverged" | "trimmed"): void
  /** A device took too long to read, and was let go. */
  slowConsumer(): void
  /** Messages of a conversation have expired, and this node has said so in its log. */
  expired(): void
  /** A message was refused, because its sender has sent too many. */
  rateLimited(): void
  /** A peer was told of an error, in whatever protocol. */
  errorSent(code: ErrorCode): void
}

const nothing = () => undefined

/** For nodes that nobody measures. */
export const noMeter: Meter = {
  sending: nothing,
  appended: nothing,
  messageStored: nothing,
  delivered: nothing,
  filled: nothing,
  reset: nothing,
  slowConsumer: nothing,
  expired: nothing,
  rateLimited: nothing,
  errorSent: nothing,
}

/** Milliseconds of a clock as the seconds that metrics are in. */
export function secondsSince(startMs: number, nowMs: number): number {
  return (nowMs - startMs) / 1_000
}
