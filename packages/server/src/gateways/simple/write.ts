/** The frames of the simple protocol as objects, and messages in its shape. */
import { type ChatMessage, type Cursor, textOf, type WireError } from "@everthread/protocol"

/** A message of a simple client that named it, and one whose name the server made up: the first character of the key. */
export const namedKeyMark = "n:"
export const unnamedKeyMark = "u:"

export interface TextFrame {
  readonly type: "text"
  readonly message_id: string
  readonly conversation_id: string
  readonly user_id: string
  readonly device_id: string
  readonly role: "user" | "assistant"
  readonly content: string
  readonly seq: number
  readonly cursor?: Cursor
  readonly timestamp: string
}

/** Where a message became whole: a person's at once, an agent's when it was finished. */
export function seqOfText(message: ChatMessage): number {
  return message.doneSeq ?? message.seq
}

/** @returns the message as a text frame, or `undefined` while it is being written or where it has no words. */
export function textFrameOf(conversation: string, message: ChatMessage, cursor?: Cursor): TextFrame | undefined {
  const content = textOf(message)
  if (message.status === "streaming" || content.trim() === "") return undefined
  return {
    type: "text",
    message_id: messageIdOf(message),
    conversation_id: conversation,
    user_id: message.by?.user ?? message.agent ?? "agent",
    device_id: message.by?.device ?? "agent",
    role: message.role,
    content,
    seq: seqOfText(message),
    ...(cursor === undefined ? {} : { cursor }),
    timestamp: new Date(message.time).toISOString(),
  }
}

/** A simple client's own name for its message where it gave one, so that it knows it again; else the message's id. */
export function messageIdOf(message: Pick<ChatMessage, "id" | "key">): string {
  return message.key?.startsWith(namedKeyMark) ? message.key.slice(namedKeyMark.length) : message.id
}

export function errorFrame(error: WireError, messageId?: string): object {
  const { code, message, field, retryAfterMs } = error
  return {
    type: "error",
    code,
    message,
    ...(field === undefined ? {} : { field: fieldNames[field] ?? field }),
    ...(retryAfterMs === undefined ? {} : { retry_after: Math.max(1, Math.ceil(retryAfterMs / 1_000)) }),
    ...(messageId === undefined ? {} : { message_id: messageId }),
  }
}

/** What the core calls a field, in this protocol's words. */
const fieldNames: Readonly<Record<string, string>> = {
  user: "user_id",
  conversation: "conversation_id",
  text: "content",
  key: "message_id",
}
