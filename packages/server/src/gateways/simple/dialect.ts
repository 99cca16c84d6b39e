/**
 * One connection's simple protocol.
 *
 * What it shows comes from the same log as everything else: a hello is an admission, a join and a
 * subscription from where the device was; a text is a send. Its own is only what these clients lack: their
 * place is known by their pongs, and their own messages are not sent back to them.
 */
import {
  type ConversationState,
  type Cursor,
  closeCodeOf,
  type SnapshotReason,
  seqOf,
  startCursor,
  type WireError,
  wireError,
} from "@everthread/protocol"
import { pingFrame, textFrame } from "../../connection/ws-frame.ts"
import { LogFrame } from "../../core/log-frame.ts"
import type { Dialect, Peer } from "../gateway.ts"
import { SimpleCommands } from "./commands.ts"
import { joined, plainEncoder, streamEncoder } from "./encode.ts"
import { readSimpleFrame, type SimpleFrame } from "./frames.ts"
import { SimpleSession } from "./session.ts"
import { errorFrame, seqOfText, textFrameOf } from "./write.ts"

export class SimpleDialect implements Dialect {
  readonly stateful = true
  readonly #peer: Peer
  readonly #session: SimpleSession
  readonly #commands: SimpleCommands

  constructor(peer: Peer) {
    this.#peer = peer
    const send = (frame: object) => this.#send(frame)
    this.#session = new SimpleSession(peer, send, (payload) => peer.send(pingFrame(payload)))
    this.#commands = new SimpleCommands(peer, this.#session, send)
  }

  async receive(text: string): Promise<void> {
    const read = readSimpleFrame(text)
    if (!read.ok) return this.#send(errorFrame(read.error, read.messageId))
    const error = await this.#handle(read.frame)
    if (!error) return
    this.#send(errorFrame(error, "message_id" in read.frame ? read.frame.message_id : undefined))
    const close = error.code === "unauthorized" ? closeCodeOf[error.code] : undefined
    if (close) this.#peer.close(close, error.code)
  }

  pong(payload: string): void {
    this.#session.pong(payload)
  }

  error(error: WireError): Uint8Array {
    return textFrame(JSON.stringify(errorFrame(error)))
  }

  closed(): void {
    this.#session.closed()
  }

  deliver(conversation: string, frame: LogFrame): void {
    const encoder = this.#session.streams ? streamEncoder : plainEncoder
    const others = frame.entries.filter(({ event }) => !this.#session.isOwn(conversation, event))
    const isWhole = others.length === frame.entries.length
    const shown = isWhole ? frame : new LogFrame(frame.prev, frame.cursor, others)
    shown.before ??= frame.before
    this.#peer.sendFrame(conversation, shown, encoder)
    this.#session.delivered(conversation, frame.cursor)
  }

  /** What the device has missed and what is not kept event by event any more: the messages it has not seen. */
  snapshot(conversation: string, reason: SnapshotReason, cursor: Cursor, stateJson: string): void {
    const since = this.#session.place(conversation) ?? startCursor
    const sinceSeq = reason === "diverged" ? 0 : seqOf(since)
    const { messages } = JSON.parse(stateJson) as ConversationState
    const missed = messages.filter((message) => seqOfText(message) > sinceSeq)
    const texts = missed.flatMap((message) => textFrameOf(conversation, message, since) ?? [])
    const last = texts.pop()
    // Only the last one may say that everything is there: a device keeps the cursor of what it saw last.
    const bytes = joined(last ? [...texts, { ...last, cursor }] : texts)
    if (bytes) this.#peer.send(bytes)
    this.#session.delivered(conversation, cursor)
  }

  upToDate(conversation: string): void {
    this.#session.live(conversation)
  }

  ephemeral(): void {}

  unsubscribed(_conversation: string, error: WireError): void {
    this.#send(errorFrame(error))
  }

  #send(frame: object): void {
    this.#peer.send(textFrame(JSON.stringify(frame)))
  }

  async #handle(frame: SimpleFrame): Promise<WireError | undefined> {
    switch (frame.kind) {
      case "health_check":
        return this.#session.isOpen ? wireError("hello_repeated") : this.#commands.health()
      case "hello":
        return this.#session.hello(frame)
      default:
        return this.#session.isOpen ? this.#commands.handle(frame) : helloFirst()
    }
  }
}

function helloFirst(): WireError {
  const message = "Say who you are first: {user_id, device_id, timestamp}."
  return wireError("hello_required", { message })
}
