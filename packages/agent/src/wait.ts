/** Waiting that ends early, by the clock one is given. */
import type { Clock } from "@everthread/protocol"

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
