/**
 * A thread's events as Server-Sent Events: one stream is one subscription, and ends with its connection.
 *
 * What waits for it is bounded like a socket's; one that does not read is ended, and its client comes back. A comment
 * goes out often enough for a client to notice that a connection is dead. (SPEC LGR3, DLV3)
 */
import type { ServerResponse } from "node:http"
import { type ConversationState, type Cursor, type Timer, type WireError, wireError } from "@everthread/protocol"
import { Following } from "../../../connection/following.ts"
import { Outbox, type OutboxBounds } from "../../../connection/outbox.ts"
import type { Tick } from "../../../connection/tick.ts"
import type { Actor, Core } from "../../../core/core.ts"
import type { LogFrame } from "../../../core/log-frame.ts"
import type { Dialect } from "../../gateway.ts"
import { sseFraming } from "../events/encode.ts"
import { EventStream } from "../events/event-stream.ts"
import type { Filter } from "../events/filter.ts"

export interface SseOptions {
  readonly core: Core
  readonly actor: Actor
  readonly thread: string
  readonly response: ServerResponse
  readonly tick: Tick
  readonly bounds: OutboxBounds
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAt: number | undefined
  readonly filter: Filter
  readonly state: ConversationState
  /** The position after which the client wants to be told. */
  readonly since: number | undefined
  readonly ended: () => void
}

/** Clients take three of these for the death of a connection, and never wait longer than 30 s. */
const commentMs = 10_000
const comment = Buffer.from(": alive\n")

type StreamSide = Pick<Dialect, "stateful" | "deliver" | "snapshot" | "upToDate" | "ephemeral" | "unsubscribed">

export class SseConnection {
  readonly #options: SseOptions
  readonly #outbox: Outbox
  readonly #stream: EventStream
  readonly #following: Following
  #timer: Timer | undefined
  #isClosed = false

  constructor(options: SseOptions) {
    const { core, actor, response, tick, bounds, thread } = options
    this.#options = options
    this.#outbox = new Outbox(writerOf(response), tick, bounds, { overflowed: () => this.#overflowed() })
    const stream: EventStream = new EventStream({
      framing: sseFraming,
      send: (bytes) => this.#outbox.send(bytes),
      follow: (cursor) => this.#follow(thread, cursor),
      unfollow: () => undefined,
    })
    this.#stream = stream
    this.#following = new Following(core, actor, this.#sideOf(stream), this.#outbox, 1)
  }

  start(): void {
    const { response, filter, state, since } = this.#options
    response.on("drain", () => this.#outbox.drained())
    response.on("close", () => this.end())
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    })
    response.flushHeaders()
    this.#stream.add("stream", filter, state, since)
    this.#comment()
  }

  /** Whatever the reason: the client comes back if it wants more. */
  end(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#timer) this.#options.core.clock.stopTimer(this.#timer)
    this.#following.closeAll()
    this.#outbox.flush()
    this.#outbox.close()
    this.#options.response.end()
    this.#options.ended()
  }

  #follow(thread: string, cursor: Cursor | undefined): void {
    const followed = this.#following.open(thread, cursor)
    if (followed.ok) followed.result.start()
    else this.#fail(followed.error)
  }

  #sideOf(stream: EventStream): Dialect {
    const side: StreamSide = {
      stateful: true,
      deliver: (conversation: string, frame: LogFrame) => stream.deliver(conversation, frame),
      snapshot: (_conversation, reason, cursor, stateJson) =>
        stream.snapshot(reason, cursor, JSON.parse(stateJson) as ConversationState),
      upToDate: (_conversation, cursor) => stream.upToDate(cursor),
      ephemeral: () => undefined,
      unsubscribed: (_conversation, error) => this.#fail(error),
    }
    return {
      ...side,
      receive: async () => undefined,
      pong: () => undefined,
      error: () => comment,
      closed: () => undefined,
    }
  }

  /** Says why, for people who look; stock clients only see that it ends. */
  #fail(error: WireError): void {
    this.#options.core.meter.errorSent(error.code)
    const data = JSON.stringify({ type: "error", id: null, ...error })
    this.#outbox.send(Buffer.from(`event: error\ndata: ${data}\n\n`))
    this.end()
  }

  #overflowed(): void {
    this.#options.core.meter.slowConsumer()
    this.#options.response.destroy()
    this.end()
  }

  #comment(): void {
    const { core, expiresAt } = this.#options
    const leftMs = expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt - core.clock.now()
    if (leftMs <= 0)
      return this.#fail(wireError("unauthorized", { message: "The token has expired; come back with a new one." }))
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
