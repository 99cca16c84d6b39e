/**
 * When the store is told of a session: at once when there is news after a while of silence, then at most once in a
 * while however much there is, and often enough without any news that the session never ends under an open
 * connection. (SPEC SIM2)
 */
import type { Clock, Timer } from "@everthread/protocol"

/** News within it is told together. */
const quietMsMax = 100
/** A session is kept alive when this part of its life has gone by. */
const keepsPerLife = 3

type State = "idle" | "quiet" | "news"

export class SessionKeeper {
  readonly #clock: Clock
  readonly #tell: () => void
  readonly #quietMs: number
  readonly #keepMs: number
  #state: State = "idle"
  #timer: Timer

  /** @param tell writes to the store; the session was opened a moment ago, so there is no hurry yet. */
  constructor(clock: Clock, ttlMs: number, tell: () => void) {
    this.#clock = clock
    this.#tell = tell
    this.#keepMs = ttlMs / keepsPerLife
    this.#quietMs = Math.min(quietMsMax, this.#keepMs / 2)
    this.#timer = this.#clock.startTimer(this.#keepMs, () => this.#tellNow())
  }

  news(): void {
    if (this.#state === "idle") this.#tellNow()
    else this.#state = "news"
  }

  /** Tells it a last time: from now on the session's life runs out. */
  stop(): void {
    this.#clock.stopTimer(this.#timer)
    this.#tell()
  }

  #tellNow(): void {
    this.#clock.stopTimer(this.#timer)
    this.#state = "quiet"
    this.#tell()
    this.#timer = this.#clock.startTimer(this.#quietMs, () => this.#quietOver())
  }

  #quietOver(): void {
    if (this.#state === "news") return this.#tellNow()
    this.#state = "idle"
    this.#timer = this.#clock.startTimer(this.#keepMs - this.#quietMs, () => this.#tellNow())
  }
}
