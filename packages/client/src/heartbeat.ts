/**
 * Finds out that a connection is dead though nothing says so.
 *
 * The WebSocket API shows neither pings nor pongs, so silence is broken with the protocol's own
 * `ping`. It counts silent heartbeats, not milliseconds since the last frame: a laptop that wakes up
 * has been silent for hours, and its connection may still be good. (SPEC CON3)
 */
import type { Clock, Timer } from "@everthread/protocol"
import { clientLimits } from "./limits.ts"

export interface HeartbeatOptions {
  readonly clock: Clock
  readonly heartbeatMs: number
  probe(): void
  dead(): void
}

export class Heartbeat {
  readonly #options: HeartbeatOptions
  #timer: Timer
  /** Heartbeats since anything was heard; each but the first has sent a probe. */
  #silent = 0

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#timer = this.#startTimer()
  }

  heard(): void {
    this.#silent = 0
  }

  stop(): void {
    this.#options.clock.stopTimer(this.#timer)
  }

  #startTimer(): Timer {
    return this.#options.clock.startTimer(this.#options.heartbeatMs, () => this.#beat())
  }

  #beat(): void {
    if (this.#silent > clientLimits.heartbeatsMissedMax) {
      this.#options.dead()
      return
    }
    // The first beat after a frame only begins to count; the ones after it ask.
    if (this.#silent > 0) this.#options.probe()
    this.#silent += 1
    this.#timer = this.#startTimer()
  }
}
