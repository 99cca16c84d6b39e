/**
 * How often one user may do a thing: at most `max` times within any `windowMs`, by the node's monotonic clock.
 *
 * It counts on this node alone. The users it holds are those of the last window, so it is bounded by
 * what they did in it.
 */
import type { Clock } from "@everthread/protocol"

export class RateLimit {
  readonly #clock: Clock
  readonly #max: number
  readonly #windowMs: number
  #current = new Map<string, number>()
  #previous = new Map<string, number>()
  #windowStart: number

  constructor(clock: Clock, max: number, windowMs: number) {
    this.#clock = clock
    this.#max = max
    this.#windowMs = windowMs
    this.#windowStart = clock.monotonic()
  }

  /**
   * Counts one more for the user if it is allowed.
   *
   * Sliding window by two counters: the one before counts for the part of it that is still in sight.
   * @returns 0, or how many milliseconds to wait before it can be.
   */
  take(user: string): number {
    const now = this.#clock.monotonic()
    this.#turn(now)
    const current = this.#current.get(user) ?? 0
    const previous = this.#previous.get(user) ?? 0
    const elapsedMs = now - this.#windowStart
    if (current + previous * (1 - elapsedMs / this.#windowMs) + 1 <= this.#max) {
      this.#current.set(user, current + 1)
      return 0
    }
    return Math.ceil(this.#waitMs(current, previous, elapsedMs))
  }

  #turn(now: number): void {
    const windows = Math.floor((now - this.#windowStart) / this.#windowMs)
    if (windows < 1) return
    this.#previous = windows === 1 ? this.#current : new Map()
    this.#current = new Map()
    this.#windowStart += windows * this.#windowMs
  }

  /** Until enough of the counters has slid out of sight for one more. */
  #waitMs(current: number, previous: number, elapsedMs: number): number {
    const room = this.#max - 1 - current
    const untilTurnMs = this.#windowMs - elapsedMs
    if (room >= 0 && previous > 0) return Math.max(1, this.#windowMs * (1 - room / previous) - elapsedMs)
    return untilTurnMs + this.#windowMs * (1 - Math.max(this.#max - 1, 0) / Math.max(current, 1))
  }
}
