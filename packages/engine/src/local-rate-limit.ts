/**
 * A limit that counts in this process, by its monotonic clock: the whole truth on one machine, and the second
 * best where a shared store is away.
 *
 * It counts exactly: two counters that slide into each other are smaller, but let up to twice as much through
 * where a window's uses stand at its end. What it holds is what was done within the last two windows at most.
 */
import type { Clock } from "@everthread/protocol"
import type { RateLimiter, RateLimitRule } from "./rate-limit.ts"

export class LocalRateLimit implements RateLimiter {
  readonly #clock: Clock
  readonly #max: number
  readonly #windowMs: number
  /** When each user did it, oldest first. */
  readonly #times = new Map<string, number[]>()
  #sweptAt: number

  constructor(clock: Clock, { max, windowMs }: RateLimitRule) {
    this.#clock = clock
    this.#max = max
    this.#windowMs = windowMs
    this.#sweptAt = clock.monotonic()
  }

  /** How many users it holds. */
  get size(): number {
    return this.#times.size
  }

  async take(user: string): Promise<number> {
    const now = this.#clock.monotonic()
    this.#sweep(now)
    const times = this.#inWindow(user, now)
    const oldest = times[0]
    if (oldest !== undefined && times.length >= this.#max) return Math.ceil(oldest + this.#windowMs - now)
    times.push(now)
    this.#times.set(user, times)
    return 0
  }

  #inWindow(user: string, now: number): number[] {
    const times = this.#times.get(user) ?? []
    const firstInside = times.findIndex((time) => time > now - this.#windowMs)
    times.splice(0, firstInside < 0 ? times.length : firstInside)
    return times
  }

  /** Forgets, once in a window, whoever has done nothing in it. */
  #sweep(now: number): void {
    if (now - this.#sweptAt < this.#windowMs) return
    this.#sweptAt = now
    for (const [user, times] of this.#times) {
      if ((times.at(-1) ?? 0) <= now - this.#windowMs) this.#times.delete(user)
    }
  }
}
