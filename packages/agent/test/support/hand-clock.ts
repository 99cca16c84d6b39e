/** A clock that moves when the test says so. */
import type { Clock, Timer } from "@everthread/protocol"

interface HandTimer {
  readonly atMs: number
  readonly run: () => void
}

export class HandClock implements Clock {
  #nowMs = 0
  #timers: HandTimer[] = []

  now(): number {
    return this.#nowMs
  }

  monotonic(): number {
    return this.#nowMs
  }

  startTimer(delayMs: number, run: () => void): Timer {
    const timer = { atMs: this.#nowMs + delayMs, run }
    this.#timers.push(timer)
    return timer
  }

  stopTimer(timer: Timer): void {
    this.#timers = this.#timers.filter((held) => held !== timer)
  }

  endOfTick(run: () => void): void {
    setImmediate(run)
  }

  get timers(): number {
    return this.#timers.length
  }

  /** Moves on and lets everything that follows from it happen. */
  async pass(ms: number): Promise<void> {
    this.#nowMs += ms
    const due = this.#timers.filter((timer) => timer.atMs <= this.#nowMs)
    this.#timers = this.#timers.filter((timer) => timer.atMs > this.#nowMs)
    for (const timer of due) timer.run()
    await settle()
  }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
}
