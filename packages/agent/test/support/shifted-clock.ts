/** A clock that can be put forward: the machine's timers, and a wall and a monotonic clock that jump when they are told to. */
import { type Clock, systemClock } from "@everthread/protocol"

export class ShiftedClock implements Clock {
  #wallMs = 0
  #ownMs = 0

  /** As when somebody sets the machine's clock. */
  jump(ms: number): void {
    this.#wallMs += ms
  }

  /** As when the time passes. */
  pass(ms: number): void {
    this.#wallMs += ms
    this.#ownMs += ms
  }

  now(): number {
    return systemClock.now() + this.#wallMs
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#ownMs
  }

  startTimer: Clock["startTimer"] = (delayMs, run) => systemClock.startTimer(delayMs, run)
  stopTimer: Clock["stopTimer"] = (timer) => systemClock.stopTimer(timer)
  endOfTick: Clock["endOfTick"] = (run) => systemClock.endOfTick(run)
}
