/** Waiting that ends early, by the clock one is given. */
import type { Clock, Timer } from "@everthread/protocol"

/** Resolves after the delay, or at once when the signal aborts: the caller looks at the signal. */
export function wait(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clock.stopTimer(timer)
      signal?.removeEventListener("abort", done)
      resolve()
    }
    const timer = clock.startTimer(delayMs, done)
    signal?.addEventListener("abort", done)
  })
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener("abort", () => resolve(), { once: true })
  })
}

/** Resolves after the current turn of the event loop, when every promise that could settle has. */
export function endOfTick(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.endOfTick(resolve))
}

/**
 * Calls `run` again and again, each time so long after it was done.
 * @returns stops it; a call that is under way is not waited for.
 */
export function repeat(clock: Clock, delayMs: number, run: () => Promise<unknown>): () => void {
  let timer: Timer | undefined
  const next = () => {
    timer = clock.startTimer(delayMs, () => void run().finally(() => timer && next()))
  }
  next()
  return () => {
    if (timer) clock.stopTimer(timer)
    timer = undefined
  }
}
