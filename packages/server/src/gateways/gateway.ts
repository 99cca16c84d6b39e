/**
 * What a wire protocol is to the server: a translation of frames to commands and of events to frames,
 * and nothing else. A connection gets its own translator, because protocols have state: who said hello,
 * what was asked under which id.
 */
import type { IncomingHttpHeaders } from "node:http"
import type { CloseCode, Cursor, SnapshotReason, WireError } from "@everthread/protocol"
import type { CommandOf, CommandResult, CommandType } from "../core/command.ts"
import type { ConnectionPort } from "../core/commands/handler.ts"
import type { Actor, Core } from "../core/core.ts"
import type { Encoder, LogFrame } from "../core/log-frame.ts"
import type { Outcome } from "../core/outcome.ts"

export interface Gateway {
  readonly name: string
  /** The paths that its clients connect to. */
  readonly paths: readonly string[]
  /** Whether a path is one of its own, where they are more than a few: then `paths` says for people how they look. */
  readonly serves?: (path: string) => boolean
  /** A translator for a connection that has just been made. */
  open(peer: Peer, opening: Opening): Dialect
}

/** What the request that opened a connection tells of itself. */
export interface Opening {
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** Who a device says it is. */
export interface Claim {
  readonly user: string | undefined
  readonly device: string
  readonly token: string | undefined
}

export interface Admission {
  readonly actor: Actor
  /** When the token ends, in milliseconds since 1970; without authentication never. */
  readonly expiresAt?: number
}

/** The connection, as its translator sees it. */
export interface Peer extends ConnectionPort {
  readonly core: Core
  /** Unique on this node. */
  readonly id: string
  readonly limits: PeerLimits
  /** Checks who it is and, if they may connect, opens the connection for commands. */
  admit(claim: Claim): Promise<Outcome<Admission>>
  /** Runs a command as whoever was admitted. */
  run<T extends CommandType>(command: CommandOf<T>): Promise<Outcome<CommandResult<T>>>
  /** Sends bytes: complete WebSocket frames. */
  send(bytes: Uint8Array): void
  /** @param short says the same where it goes out by itself; joined with others it is said by the first. */
  sendFrame(conversation: string, frame: LogFrame, encoder: Encoder, short?: Encoder): void
  /** Resolves when little waits for the device; `undefined`: now. */
  ready(): Promise<void> | undefined
  /** Sends what waits, says goodbye, and hears no more. */
  close(code: CloseCode | 1000, reason: string): void
}

export interface PeerLimits {
  readonly frameBytesMax: number
  readonly heartbeatMs: number
  readonly sessionTtlMs: number
}

/** One connection's side of a wire protocol. */
export interface Dialect {
  /** Handles a text frame. They are handled one after the other, in order. */
  receive(text: string): Promise<void>
  /** The peer has received everything up to the ping that carried this. */
  pong(payload: string): void
  /** How an error that belongs to no request is said. */
  error(error: WireError): Uint8Array
  /** The connection is gone. */
  closed(): void

  /** Whether frames have to carry the state before them. */
  readonly stateful: boolean
  deliver(conversation: string, frame: LogFrame): void
  /** What follows it is delivered when it has resolved. */
  snapshot(conversation: string, reason: SnapshotReason, cursor: Cursor, stateJson: string): void | Promise<void>
  upToDate(conversation: string, cursor: Cursor): void
  ephemeral(conversation: string, body: string): void
  unsubscribed(conversation: string, error: WireError): void
  /**
   * The user is a member of the conversation now, or not any more, or in another role; `undefined`: maybe of any. Absent
   * where the protocol has no word for it.
   */
  membership?(conversation: string | undefined): void
}
