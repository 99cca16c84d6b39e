/**
 * How much gets through a link in one direction: everything, so much a second, or nothing. All connections of the link share
 * it. Who waits is let on as soon as that changes, whatever it was told before.
 */
import type { Clock } from "@everthread/protocol"

/** How much of a trickle goes at once: what comes in such a time. */
const pieceMs = 50

export class Gate {
  readonly #clock: Clock
  /** 0 holds everything back. */
  #bytesPerSecond = Number.POSITIVE_INFINITY
  /** When what was granted last has gone through. */
  #freeMs = 0
  readonly #waiting = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  open(): void {
    this.throttle(Number.POSITIVE_INFINITY)
  }

  hold(): void {
    this.throttle(0)
  }

  throttle(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond
    this.#freeMs = this.#clock.monotonic()
    for (const wake of [...this.#waiting]) wake()
  }

  /** Resolves when anything gets through. */
  async opened(): Promise<void> {
    while (this.#bytesPerSecond === 0) await this.#changedWithin(undefined)
  }

  /** Waits until some of so many bytes may go. @returns how many. */
  async grant(bytes: number): Promise<number> {
    for (;;) {
      await this.opened()
      const rate = this.#bytesPerSecond
      if (rate === Number.POSITIVE_INFINITY) return bytes
      const piece = Math.min(bytes, Math.max(1, Math.floor((rate * pieceMs) / 1_000)))
      const nowMs = this.#clock.monotonic()
      this.#freeMs = Math.max(this.#freeMs, nowMs) + (piece / rate) * 1_000
      if (!(await this.#changedWithin(this.#freeMs - nowMs))) return piece
    }
  }

  #changedWithin(ms: number | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isChanged: boolean) => {
        if (timer) this.#clock.stopTimer(timer)
        this.#waiting.delete(wake)
        resolve(isChanged)
      }
      const wake = () => end(true)
      const timer = ms === undefined ? undefined : this.#clock.startTimer(ms, () => end(false))
      this.#waiting.add(wake)
    })
  }
}
