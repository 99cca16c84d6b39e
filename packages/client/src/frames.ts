/** Frames as they are written and read. The server checks what it sends, so what is read is believed by its `type`. */
import type {
  DownFrame,
  DownFrameOf,
  LeanFrame,
  LeanReader,
  UpFrame,
  UpFrameOf,
  UpFrameType,
} from "@everthread/protocol"

/** A frame that wants a reply, before it has an id. */
export type Unnumbered<T extends UpFrameType> = T extends UpFrameType ? Omit<UpFrameOf<T>, "id"> : never

/** The frames that are stored: each carries an idempotency key. */
export type WriteType =
  | "send"
  | "edit"
  | "redact"
  | "react"
  | "read"
  | "stop"
  | "promote"
  | "regenerate"
  | "respond"
  | "create"
  | "fork"
  | "conversation.update"
  | "member.add"
  | "member.remove"

/** A write with its key. */
export type WriteFrame = Unnumbered<WriteType>

/** A write before it has its key. */
export type Write = WriteFrame extends infer F ? (F extends WriteFrame ? Omit<F, "key"> : never) : never

/** The requests that change nothing: asking twice is the same as asking once. */
export type ReadType = "conversations" | "history" | "checkpoints" | "checkpoint" | "members"

/** An error as it came over the wire. */
export type ReceivedError = DownFrameOf<"error">["error"]

/** What a subscription brings. */
export type SubscriptionFrame = DownFrameOf<"events" | "snapshot" | "upToDate" | "unsubscribed">

/** What the server says of one conversation unasked. */
export type ConversationFrame = SubscriptionFrame | DownFrameOf<"typing" | "presence" | "unheard" | "queue">

export function encodeFrame(frame: UpFrame): string {
  return JSON.stringify(frame)
}

/**
 * @param reader of this connection: what it has read before says what a lean frame means.
 * @returns the frame, or `undefined` for text that is none: a newer server may say more than this client knows.
 */
export function decodeFrame(text: string, reader: LeanReader): DownFrame | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    return isTyped(frame) || Array.isArray(frame) ? reader.read(frame as DownFrame | LeanFrame) : undefined
  } catch {
    return undefined
  }
}

/** An error without one is another protocol's: at another address of the same server, say. */
function isTyped(frame: unknown): frame is { type: string } {
  if (typeof frame !== "object" || frame === null) return false
  const { type, error } = frame as { type?: unknown; error?: unknown }
  return typeof type === "string" && (type !== "error" || (typeof error === "object" && error !== null))
}
