/**
 * The messages of this device that its log does not hold yet: shown at once, and gone in the very
 * change that brings the log's own, so that each is there once at every moment.
 */
import type { By, ConversationState, LogEvent, Seq } from "@everthread/protocol"
import type { ReceivedError, WriteFrame } from "./frames.ts"
import type { OutboxEntry, OutboxStatus } from "./outbox-entry.ts"

export interface PendingMessage {
  /** Its idempotency key: what `retry` and `discard` take. */
  readonly key: string
  readonly text: string
  readonly agent?: string
  readonly replyTo?: string
  /** `queued`: waits for a connection or its turn. `sent`: on its way to the log. `failed`: refused, see `error`. */
  readonly status: "queued" | "sent" | "failed"
  readonly error?: ReceivedError
}

const shownAs: { readonly [S in OutboxStatus["name"]]: PendingMessage["status"] } = {
  queued: "queued",
  paused: "queued",
  sent: "sent",
  acked: "sent",
  failed: "failed",
}

/** Whose writes these are: others may have devices of that name, and use the same keys. (SPEC ACK3) */
export interface Writer {
  /** Absent until a server has said who this is. */
  readonly user: string | undefined
  readonly device: string
}

const isFrom = ({ user, device }: Writer, by: By | undefined): boolean =>
  by?.device === device && (user === undefined || by.user === user)

export interface PendingOptions {
  readonly writer: Writer
  /** Nobody knows whether anything gets out: what is on its way still waits, as far as one can say. */
  readonly isDoubted: boolean
}

/** @param entries of this conversation, oldest first. */
export function pendingMessages(
  entries: readonly OutboxEntry[],
  state: ConversationState,
  { writer, isDoubted }: PendingOptions,
): PendingMessage[] {
  const shown: PendingMessage[] = []
  for (const { frame, status } of entries) {
    if (frame.type !== "send" || hasMessage(state, frame, writer)) continue
    // Stored before where the log is, and not among its newest messages: it has left the window.
    if (status.name === "acked" && status.seq <= state.seq) continue
    shown.push({
      key: frame.key,
      text: frame.text,
      ...(frame.agent === undefined ? {} : { agent: frame.agent }),
      ...(frame.replyTo === undefined ? {} : { replyTo: frame.replyTo }),
      status: isDoubted && status.name === "sent" ? "queued" : shownAs[status.name],
      ...(status.name === "failed" ? { error: status.error } : {}),
    })
  }
  return shown
}

/** Whether the log holds what this write made, as far as the state can say. */
export function hasMessage(state: ConversationState, frame: WriteFrame, writer: Writer): boolean {
  if (frame.type !== "send") return false
  return state.messages.some((message) => message.key === frame.key && isFrom(writer, message.by))
}

/** Whether these events hold what this write made, at the place where its ack said it is. */
export function isAmong(events: readonly LogEvent[], frame: WriteFrame, seq: Seq, writer: Writer): boolean {
  const isOurs = (event: LogEvent) => "by" in event && isFrom(writer, event.by)
  if (frame.type !== "send") return events.some((event) => event.seq === seq && isOurs(event))
  return events.some((event) => event.type === "message" && event.key === frame.key && isOurs(event))
}

/** Whether two lists would look the same, so that the older one may be kept. */
export function samePending(left: readonly PendingMessage[], right: readonly PendingMessage[]): boolean {
  if (left.length !== right.length) return false
  return left.every((one, index) => {
    const other = right[index]
    return one.key === other?.key && one.status === other.status && one.error === other.error
  })
}
