/**
 * A conversation as Server-Sent Events: one answer follows one conversation, and ends with its connection.
 *
 * What waits for it is bounded like a socket's; one that does not read is ended, and its client comes back. A comment
 * goes out often enough for a client to notice that a connection is dead. What is said is its owner's. (SPEC DLV3)
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import type { ServerResponse } from "node:http"
import { type Cursor, type Timer, type WireError, wireError } from "@everthread/protocol"
import { Following } from "../../connection/following.ts"
import { Outbox, type OutboxBounds } from "../../connection/outbox.ts"
import type { Tick } from "../../connection/tick.ts"
import { type MeasuredConnection, noTraffic, type Traffic } from "../../connection/traffic.ts"
import type { Actor, Core } from "../../core/core.ts"
import type { Dialect } from "../gateway.ts"

export interface ResponseOptions {
  readonly core: Core
  readonly actor: Actor
  readonly conversation: string
  readonly response: ServerResponse
  readonly tick: Tick
  readonly bounds: OutboxBounds
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAt: number | undefined
  /** The name of its protocol, by which it is counted. */
  readonly gateway: string
  readonly measure: Measure
  readonly ended: () => void
}

/** Counts a stream while it is open. @returns to be called when it has ended. */
export type Measure = (stream: MeasuredConnection) => () => void

/** What its owner makes of what happens in the conversation. */
export type StreamSide = Pick<Dialect, "deliver" | "snapshot" | "upToDate"> & {
  /** @returns how its clients are told why it ends. */
  failure(error: WireError): Uint8Array
}

/** Clients take three of these for the death of a connection, and never wait longer than 30 s. */
const commentMs = 10_000
const comment = Buffer.from(": alive\n")
/** What has ended and is not read at all for so long is dropped: nothing else looks whether its peer is still there. */
const unreadMs = 30_000

export class EventStreamResponse implements MeasuredConnection {
  readonly #options: ResponseOptions
  readonly #outbox: Outbox
  readonly #side: StreamSide
  readonly #following: Following
  #timer: Timer | undefined
  #isClosed = false
  #stopMeasuring: () => void = () => undefined

  constructor(options: ResponseOptions, side: StreamSide) {
    const { core, actor, response, tick, bounds } = options
    this.#options = options
    this.#side = side
    this.#outbox = new Outbox(writerOf(response), tick, bounds, { overflowed: () => this.#overflowed() })
    this.#following = new Following(core, actor, this.#dialect(side), this.#outbox, 1)
  }

  get gateway(): string {
    return this.#options.gateway
  }

  get traffic(): Traffic {
    const { framesSent, bytesSent } = this.#outbox
    return { ...noTraffic, framesSent, bytesSent }
  }

  get subscriptions(): number {
    return this.#following.size
  }

  get waitingBytes(): number {
    return this.#outbox.waitingBytes
  }

  start(): void {
    const { response, measure } = this.#options
    this.#stopMeasuring = measure(this)
    response.on("drain", () => this.#outbox.drained())
    response.on("close", () => this.#gone())
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    })
    response.flushHeaders()
    this.#comment()
  }

  send(bytes: Uint8Array): void {
    this.#outbox.send(bytes)
  }

  /** Follows the conversation from a cursor, with the state before each frame, instead of what it followed so far. */
  follow(cursor: Cursor | undefined): void {
    const followed = this.#following.open(this.#options.conversation, cursor)
    if (followed.ok) followed.result.start()
    else this.fail(followed.error)
  }

  /** Says why, and ends. */
  fail(error: WireError): void {
    this.#options.core.meter.errorSent(error.code)
    this.#outbox.send(this.#side.failure(error))
    this.end()
  }

  /** Whatever the reason: the client comes back if it wants more. */
  end(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#timer) this.#options.core.clock.stopTimer(this.#timer)
    this.#following.closeAll()
    // How it ends is part of what is told, so whoever reads slowly is told that, too.
    this.#outbox.finish()
    this.#options.response.end()
    this.#dropUnread()
    this.#stopMeasuring()
    this.#options.ended()
  }

  #dialect({ deliver, snapshot, upToDate }: StreamSide): Dialect {
    return {
      stateful: true,
      deliver,
      snapshot,
      upToDate,
      ephemeral: () => undefined,
      unsubscribed: (_conversation, error) => this.fail(error),
      receive: async () => undefined,
      pong: () => undefined,
      error: () => comment,
      closed: () => undefined,
    }
  }

  #overflowed(): void {
    this.#options.core.meter.slowConsumer()
    this.#options.response.destroy()
    this.end()
  }

  #dropUnread(): void {
    const { response, core } = this.#options
    if (response.destroyed) return
    const left = response.writableLength
    this.#timer = core.clock.startTimer(unreadMs, () => {
      if (response.writableLength < left) this.#dropUnread()
      else response.destroy()
    })
  }

  #gone(): void {
    this.end()
    if (this.#timer) this.#options.core.clock.stopTimer(this.#timer)
  }

  #comment(): void {
    const { core, expiresAt } = this.#options
    const leftMs = expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt - core.clock.now()
    if (leftMs <= 0)
      return this.fail(wireError("unauthorized", { message: "The token has expired; come back with a new one." }))
    this.#timer = core.clock.startTimer(Math.min(commentMs, leftMs), () => {
      this.#outbox.send(comment)
      this.#comment()
    })
  }
}

function writerOf(response: ServerResponse) {
  return {
    get pendingBytes() {
      return response.writableLength
    },
    write(pieces: readonly Uint8Array[]) {
      response.cork()
      for (const piece of pieces) response.write(piece)
      response.uncork()
    },
  }
}
