/**
 * One connection's simple protocol.
 *
 * What it shows comes from the same log as everything else: a hello is an admission, a join and a
 * subscription from where the device was; a text is a send. Its own is only what these clients lack: their
 * place is known by their pongs, and their own messages are not sent back to them.
 *
 * Every cursor in a frame stands behind everything before it, so whichever of them a client keeps, it loses
 * nothing when it comes back with it.
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
import type { LogFrame } from "../../core/log-frame.ts"
import type { Refused } from "../../core/outcome.ts"
import type { Dialect, Peer } from "../gateway.ts"
import { SimpleCommands } from "./commands.ts"
import { joined, partsSoFar, plainEncoder, streamEncoder } from "./encode.ts"
import { readSimpleFrame, type SimpleFrame } from "./frames.ts"
import { missedMessages } from "./missed.ts"
import { isOwn, withoutOwn } from "./own.ts"
import { type OpenSession, SimpleSession } from "./session.ts"
import { errorFrame, type TextFrame, textFrameOf } from "./write.ts"

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
    if (!read.ok) return this.#sendError(read.error, read.messageId)
    const refusal = await this.#handle(read.frame)
    if (!refusal) return
    const { error, close } = refusal
    this.#sendError(error, "message_id" in read.frame ? read.frame.message_id : undefined)
    const code = close ?? (error.code === "unauthorized" ? closeCodeOf[error.code] : undefined)
    if (code) this.#peer.close(code, error.code)
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
    const { open } = this.#session
    if (!open) return
    const encoder = open.streams ? streamEncoder : plainEncoder
    for (const piece of withoutOwn(frame, open.actor)) {
      this.#peer.sendFrame(conversation, piece, encoder)
      this.#session.delivered(conversation, piece.cursor, piece.bytes(conversation, encoder) !== undefined)
    }
  }

  /** What the device has missed and what is not kept entry by entry any more: the messages it has not seen. */
  async snapshot(conversation: string, reason: SnapshotReason, cursor: Cursor, stateJson: string): Promise<void> {
    const { open } = this.#session
    if (!open) return
    const since = reason === "diverged" ? startCursor : this.#session.place(conversation)
    const state = JSON.parse(stateJson) as ConversationState
    const last = await this.#sendMissed(open, conversation, since, cursor, state)
    // Only the last one may say that everything is there: a device keeps the cursor of what it saw last.
    const frames = [...(last ? [{ ...last, cursor }] : []), ...(open.streams ? partsSoFar(state) : [])]
    this.#sendAll(frames)
    this.#session.delivered(conversation, cursor, true)
  }

  upToDate(): void {}

  ephemeral(): void {}

  unsubscribed(conversation: string, error: WireError): void {
    this.#session.left(conversation)
    const message = `You do not follow ${JSON.stringify(conversation)} any more: ${error.message}`
    this.#sendError({ ...error, message, field: "conversation" })
  }

  /** @returns the last of them, which is not sent yet. */
  async #sendMissed(
    { actor }: OpenSession,
    conversation: string,
    since: Cursor,
    cursor: Cursor,
    state: ConversationState,
  ): Promise<TextFrame | undefined> {
    let last: TextFrame | undefined
    const range = { conversation, since: seqOf(since), cursor, state }
    for await (const messages of missedMessages(this.#peer.core.engine.log, range)) {
      const others = messages.filter((message) => !isOwn(actor, message))
      const texts = others.flatMap((message) => textFrameOf(conversation, message, since) ?? [])
      const due = last ? [last, ...texts] : texts
      last = due.pop()
      await this.#peer.ready()
      if (!this.#peer.isSubscribed(conversation)) return undefined
      this.#sendAll(due)
    }
    return last
  }

  #sendAll(frames: readonly object[]): void {
    const bytes = joined(frames)
    if (bytes) this.#peer.send(bytes)
  }

  #sendError(error: WireError, messageId?: string): void {
    this.#peer.core.meter.errorSent(error.code)
    this.#send(errorFrame(error, messageId))
  }

  #send(frame: object): void {
    this.#peer.send(textFrame(JSON.stringify(frame)))
  }

  async #handle(frame: SimpleFrame): Promise<Pick<Refused, "error" | "close"> | undefined> {
    const { open } = this.#session
    if (frame.kind === "health_check") return this.#commands.health()
    if (frame.kind === "hello") return this.#session.hello(frame)
    const error = open ? await this.#commands.handle(open, frame) : helloFirst()
    return error && { error }
  }
}

function helloFirst(): WireError {
  const message = "Say who you are first: {user_id, device_id, timestamp}."
  return wireError("hello_required", { message })
}
