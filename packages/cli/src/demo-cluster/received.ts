/**
 * What one device was delivered of one conversation, counted as it came over the wire.
 *
 * It checks what the protocol promises with nothing but what a frame says of itself: a frame follows the one
 * before, and an event comes once. (SPEC FRM2, SUB4)
 */
import { createHash } from "node:crypto"
import {
  type ConversationState,
  type Cursor,
  type DownFrame,
  type DownFrameOf,
  startCursor,
} from "@everthread/protocol"

export interface ReceivedMessage {
  readonly seq: number
  readonly id: string
  readonly user: string
  readonly text: string
}

const digestChars = 8

export class Received {
  readonly #conversation: string
  /** Who wrote what: in this show nobody writes the same twice, so a repeat is one however it came about. */
  readonly #known = new Set<string>()
  #cursor: Cursor = startCursor
  #seq = 0
  /** In the order in which they came. */
  readonly messages: ReceivedMessage[] = []
  /** Frames that did not follow the one before. */
  gaps = 0
  /** Events and messages that came again. */
  duplicates = 0
  /** Pieces of an answer, of each message. */
  readonly pieces = new Map<string, number>()

  constructor(conversation: string) {
    this.#conversation = conversation
  }

  /** Of everything in its order: two devices with the same digest have seen the same. */
  get order(): string {
    return digestOf(this.messages)
  }

  take(frame: DownFrame): void {
    if (!("conversation" in frame) || frame.conversation !== this.#conversation) return
    if (frame.type === "events") this.#takeEvents(frame)
    if (frame.type === "snapshot") this.#takeSnapshot(frame.state, frame.cursor)
  }

  #takeEvents({ prev, cursor, events }: DownFrameOf<"events">): void {
    if (prev !== this.#cursor) this.gaps += 1
    this.#cursor = cursor
    for (const event of events) {
      if (event.seq <= this.#seq) this.duplicates += 1
      this.#seq = event.seq
      if (event.type === "message") this.#add({ ...event, user: event.by.user })
      if (event.type === "delta") this.pieces.set(event.message, (this.pieces.get(event.message) ?? 0) + 1)
    }
  }

  #takeSnapshot({ messages, seq }: ConversationState, cursor: Cursor): void {
    this.#cursor = cursor
    this.#seq = seq
    for (const { by, ...message } of messages) {
      if (by && !this.#known.has(keyOf(by.user, message.text))) this.#add({ ...message, user: by.user })
    }
  }

  #add({ seq, id, user, text }: ReceivedMessage): void {
    const key = keyOf(user, text)
    if (this.#known.has(key)) this.duplicates += 1
    this.#known.add(key)
    this.messages.push({ seq, id, user, text })
  }
}

function keyOf(user: string, text: string): string {
  return JSON.stringify([user, text])
}

export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, digestChars)
}
