/** A clock that moves when the test says so. */
import type { Clock, Timer } from "@everthread/protocol"

interface ManualTimer {
  readonly at: number
  readonly run: () => void
}

export class ManualClock implements Clock {
  #now = 1_000_000
  #timers: ManualTimer[] = []

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  startTimer(delayMs: number, run: () => void): Timer {
    const timer = { at: this.#now + delayMs, run }
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

  /** Milliseconds until the next timer, or `undefined` without one. */
  nextTimerMs(): number | undefined {
    return this.#timers.length === 0 ? undefined : Math.min(...this.#timers.map(({ at }) => at)) - this.#now
  }

  /** Lets time pass, timer by timer, and what each of them sets off. */
  async advance(ms: number): Promise<void> {
    await settled()
    const end = this.#now + ms
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0]
      if (!due) break
      this.#now = Math.max(this.#now, due.at)
      this.stopTimer(due)
      due.run()
      await settled()
    }
    this.#now = end
    await settled()
  }
}

/** When everything that promises have set off has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
