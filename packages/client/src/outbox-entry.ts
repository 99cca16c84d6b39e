/** One write on its way to the log: a value, and what each of its states means. */
import type { Seq } from "@everthread/protocol"
import type { ReceivedError, WriteFrame } from "./frames.ts"

export type OutboxStatus =
  /** To be sent as soon as there is a connection and nothing before it in its lane. */
  | { readonly name: "queued" }
  /** Sent on the present connection, not acknowledged. */
  | { readonly name: "sent" }
  /** The server asked to wait; a timer runs. */
  | { readonly name: "paused" }
  /** Stored, at `seq`, as the server said on the connection of that number: kept a while in case the store loses it. */
  | {
      readonly name: "acked"
      readonly seq: Seq
      readonly connection: number
      /** The id that the server gave a message. */
      readonly ref: string | undefined
      /** Wall time, because a store counts the age of its keys while this machine sleeps. */
      readonly time: number
    }
  /** Refused for good: it stays until somebody retries or discards it. */
  | { readonly name: "failed"; readonly error: ReceivedError }

/** What a write is known by: a key is its conversation's own, and a program may use one in several. (SPEC ACK3) */
export function idOf({ conversation, key }: WriteFrame): string {
  return JSON.stringify([conversation ?? "", key])
}

export interface OutboxEntry {
  readonly frame: WriteFrame
  readonly status: OutboxStatus
  /** How often in a row the server asked to wait, or did not answer. */
  readonly delays: number
}

/** A write that has not been sent yet, or has to be sent again from the start. */
export function queuedEntry(frame: WriteFrame): OutboxEntry {
  return { frame, status: { name: "queued" }, delays: 0 }
}

/** A write that the server has acknowledged. */
export type AckedEntry = OutboxEntry & { readonly status: { readonly name: "acked" } }

export function isAcked(entry: OutboxEntry): entry is AckedEntry {
  return entry.status.name === "acked"
}

/** What is known of an ack, for whoever has to judge whether the store still has what it stands for. */
export interface Ack {
  readonly seq: Seq
  /** It came on a connection before the present one. */
  readonly earlier: boolean
  readonly ageMs: number
}

/** Whether it is still on its way. */
export function isUnsettled({ status }: OutboxEntry): boolean {
  return status.name === "queued" || status.name === "sent" || status.name === "paused"
}

/** The conversation that it is to be stored in; one that is to be made without a name has none yet, and nor has a fork. */
export function conversationOf(frame: WriteFrame): string | undefined {
  return frame.type === "fork" ? undefined : frame.conversation
}

/**
 * Writes of one lane go out one after the other, each after the ack of the one before: that is what
 * keeps their order when one of them has to wait. What is said of runs has a lane of its own, because a stop
 * must not stand behind a message that the server is holding up.
 */
export function laneOf(frame: WriteFrame): string {
  const conversation = frame.conversation ?? frame.key
  return frame.type === "stop" || frame.type === "promote" ? `stop ${conversation}` : `write ${conversation}`
}

/**
 * Whether an acknowledged write that a store has lost may be sent again. Not a creation: there is a
 * history, so there is a conversation. Not a stop of whatever runs: it meant what ran then.
 */
export function isRepeatable({ frame }: OutboxEntry): boolean {
  if (frame.type === "create" || frame.type === "fork") return false
  return frame.type !== "stop" || frame.run !== undefined
}
