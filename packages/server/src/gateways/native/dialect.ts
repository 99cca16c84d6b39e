/**
 * One connection's native protocol: requests to commands, outcomes and events to frames.
 *
 * This is the one place where outcomes become frames and closes.
 */
import {
  type CloseCode,
  type Cursor,
  closeCodeOf,
  limits,
  parseFrame,
  protocolVersion,
  type SnapshotReason,
  type UpFrame,
  type UpFrameOf,
  type WireError,
  wireError,
} from "@everthread/protocol"
import { readUpFrame } from "@everthread/protocol/schema"
import type { Command } from "../../core/command.ts"
import type { LogFrame } from "../../core/log-frame.ts"
import { type Outcome, refused } from "../../core/outcome.ts"
import type { Dialect, Peer } from "../gateway.ts"
import { encodeEphemeral, encodeFrame, encodeSnapshot, eventsEncoder, leanEncoder } from "./encode.ts"
import { LeanPlaces } from "./lean-places.ts"

export class NativeDialect implements Dialect {
  readonly stateful = false
  readonly #peer: Peer
  #greeted = false
  /** For a client that reads lean frames. */
  #lean: LeanPlaces | undefined

  constructor(peer: Peer) {
    this.#peer = peer
  }

  async receive(text: string): Promise<void> {
    const parsed = parseFrame(text)
    if (!parsed.ok) return this.#refuse(parsed.error)
    const read = readUpFrame(parsed.value)
    if (!read.ok) return this.#greeted ? this.#answerError(read.error, read.id) : this.#refuse(read.error)
    if (read.value.type === "hello") return this.#hello(read.value)
    if (!this.#greeted) return this.#refuse(wireError("hello_required"))
    await this.#request(read.value)
  }

  pong(): void {}

  error(error: WireError): Uint8Array {
    return encodeFrame({ type: "error", error })
  }

  closed(): void {}

  deliver(conversation: string, frame: LogFrame): void {
    const short = this.#lean?.goesOn(conversation, frame) ? leanEncoder : eventsEncoder
    this.#peer.sendFrame(conversation, frame, eventsEncoder, short)
  }

  snapshot(conversation: string, reason: SnapshotReason, cursor: Cursor, stateJson: string): void {
    this.#peer.send(encodeSnapshot(conversation, reason, cursor, stateJson))
  }

  upToDate(conversation: string, cursor: Cursor): void {
    this.#peer.send(encodeFrame({ type: "upToDate", conversation, cursor }))
  }

  ephemeral(conversation: string, body: string): void {
    this.#peer.send(encodeEphemeral(conversation, body))
  }

  unsubscribed(conversation: string, error: WireError): void {
    this.#peer.core.meter.errorSent(error.code)
    this.#peer.send(encodeFrame({ type: "unsubscribed", conversation, error }))
  }

  membership(conversation: string | undefined): void {
    this.#peer.send(encodeFrame({ type: "membership", ...(conversation === undefined ? {} : { conversation }) }))
  }

  async #hello({ protocol, user, device, token, lean }: UpFrameOf<"hello">): Promise<void> {
    if (this.#greeted) return this.#answerError(wireError("hello_repeated"), undefined)
    if (protocol !== protocolVersion) return this.#refuse(unsupported(protocol))
    const admission = await this.#peer.admit({ user, device, token })
    if (!admission.ok) return this.#refuse(admission.error, admission.close)
    this.#greeted = true
    if (lean) this.#lean = new LeanPlaces()
    const { core, id, limits: peerLimits } = this.#peer
    const { actor } = admission.result
    const frame = {
      type: "welcome" as const,
      protocol: protocolVersion,
      ...actor,
      node: core.node,
      connection: id,
      heartbeatMs: peerLimits.heartbeatMs,
      agents: [...core.agents.names],
      limits: { frameBytesMax: peerLimits.frameBytesMax, textCharsMax: limits.textCharsMax },
    }
    this.#peer.send(encodeFrame(frame))
  }

  async #request(frame: Exclude<UpFrame, UpFrameOf<"hello">>): Promise<void> {
    if (frame.type === "typing") {
      const outcome = await this.#peer.run(frame)
      if (!outcome.ok) this.#answerError(outcome.error, undefined)
      return
    }
    const { id, ...command } = frame
    this.#answer(id, await this.#peer.run(command as Command))
  }

  #answer(id: number, outcome: Outcome<unknown>): void {
    if (!outcome.ok) {
      this.#answerError(outcome.error, id)
      if (outcome.close) this.#peer.close(outcome.close, outcome.error.code)
      return
    }
    this.#peer.send(encodeFrame({ type: "ok", id, result: outcome.result as never }))
    outcome.after?.()
  }

  #answerError(error: WireError, id: number | undefined): void {
    this.#peer.core.meter.errorSent(error.code)
    this.#peer.send(encodeFrame({ type: "error", ...(id === undefined ? {} : { id }), error }))
  }

  /** The peer does not speak this protocol, or may not: it is told why, and let go. */
  #refuse(error: WireError, code: CloseCode = closeCodeOf[error.code] ?? 4400): void {
    this.#answerError(error, undefined)
    this.#peer.close(code, error.code)
  }
}

function unsupported(protocol: number): WireError {
  const message = `This server speaks version ${protocolVersion} of the protocol, not ${protocol}; use a client of that version.`
  return refused("protocol_unsupported", { field: "protocol", message }).error
}
