/** The machine's clock, which a test can set forward: its timers stay real, and nothing waits for them to be right. */
import { type Clock, systemClock } from "@everthread/protocol"

export class SkippingClock implements Clock {
  #skippedMs = 0

  now(): number {
    return systemClock.now() + this.#skippedMs
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#skippedMs
  }

  startTimer = systemClock.startTimer
  stopTimer = systemClock.stopTimer
  endOfTick = systemClock.endOfTick

  skip(ms: number): void {
    this.#skippedMs += ms
  }
}
