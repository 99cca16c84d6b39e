/**
 * How long people's messages take from the store's door to the connections of this node.
 *
 * A message that was sent here is known again by the nonce of its append, so both ends are measured by this
 * node's monotonic clock. Of one that came from another node only its own time is known, which is that
 * node's wall clock.
 */
import type { Clock } from "@everthread/protocol"
import type { FrameEntry, LogFrame } from "../core/log-frame.ts"
import { secondsSince } from "../core/meter.ts"

interface Observer {
  observe(seconds: number): void
}

/** Sends that may be under way at a time and still be known again. Those that were refused stay until they are pushed out. */
const sentMax = 4_096

/** How a message's stored text begins: the server writes it so. A text that begins otherwise is not measured. */
const messageStart = '{"type":"message","time":'

export class DeliveryTimes {
  readonly #clock: Clock
  readonly #here: Observer
  readonly #elsewhere: Observer
  /** When each append of a send was asked for, by its nonce, oldest first. */
  readonly #sent = new Map<string, number>()

  constructor(clock: Clock, here: Observer, elsewhere: Observer) {
    this.#clock = clock
    this.#here = here
    this.#elsewhere = elsewhere
  }

  sending(nonce: string): void {
    this.#sent.set(nonce, this.#clock.monotonic())
    if (this.#sent.size <= sentMax) return
    for (const oldest of this.#sent.keys()) return void this.#sent.delete(oldest)
  }

  delivered(frame: LogFrame): void {
    for (const entry of frame.entries) if (entry.body.startsWith(messageStart)) this.#message(entry)
  }

  #message({ cursor, body }: FrameEntry): void {
    const nonce = cursor.slice(cursor.indexOf("-") + 1)
    const sentAt = this.#sent.get(nonce)
    if (sentAt === undefined) return this.#fromElsewhere(body)
    this.#sent.delete(nonce)
    this.#here.observe(secondsSince(sentAt, this.#clock.monotonic()))
  }

  #fromElsewhere(body: string): void {
    const time = Number.parseInt(body.slice(messageStart.length, messageStart.length + 16), 10)
    const seconds = secondsSince(time, this.#clock.now())
    if (Number.isFinite(seconds)) this.#elsewhere.observe(Math.max(seconds, 0))
  }
}
