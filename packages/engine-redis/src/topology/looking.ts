/** Looks that are taken one at a time, with a pause and jitter between them, whenever there is a reason, and routinely. */
import type { Clock, Random, Timer } from "@everthread/protocol"

export interface Looking {
  /** A look begins at once if the last one is long enough ago, else as soon as it is. */
  soon(): void
  stop(): void
}

export interface LookingSetup {
  readonly clock: Clock
  readonly random: Random
  readonly pauseMs: number
  readonly everyMs: number
}

/** @param look is expected not to throw: a failed look is followed by the next one. */
export function looking({ clock, random, pauseMs, everyMs }: LookingSetup, look: () => Promise<void>): Looking {
  let timer: Timer | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let mayAt = Number.NEGATIVE_INFINITY
  let isLooking = false
  let isWanted = false
  let isStopped = false

  async function begin(): Promise<void> {
    dueAt = Number.POSITIVE_INFINITY
    isLooking = true
    isWanted = false
    await look().catch((error: unknown) => process.emitWarning(String(error)))
    isLooking = false
    mayAt = clock.monotonic() + pauseMs * (0.5 + random.fraction())
    schedule(isWanted ? mayAt : clock.monotonic() + everyMs * (0.5 + random.fraction()))
  }

  function schedule(at: number): void {
    if (isStopped || at >= dueAt) return
    if (timer) clock.stopTimer(timer)
    dueAt = at
    timer = clock.startTimer(Math.max(0, at - clock.monotonic()), () => void begin())
  }

  return {
    soon() {
      isWanted = true
      if (!isLooking) schedule(Math.max(mayAt, clock.monotonic()))
    },
    stop() {
      isStopped = true
      if (timer) clock.stopTimer(timer)
    },
  }
}
