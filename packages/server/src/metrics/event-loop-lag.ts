/**
 * How late this process comes to what is due: a timer is set again and again, and fires late when something
 * keeps the event loop busy.
 *
 * The library's own measure begins anew at each read, so two readers spoil each other's; a histogram does not.
 */
import type { Clock, Timer } from "@everthread/protocol"
import { secondsSince } from "../core/meter.ts"

/** Whatever keeps the loop busy for longer is always seen, shorter things now and then; ten timers a second cost nothing. */
const everyMs = 100

/** @returns stops it. */
export function measureLag(clock: Clock, lag: { observe(seconds: number): void }): () => void {
  let timer: Timer
  const wait = () => {
    const dueAt = clock.monotonic() + everyMs
    timer = clock.startTimer(everyMs, () => {
      lag.observe(Math.max(0, secondsSince(dueAt, clock.monotonic())))
      wait()
    })
  }
  wait()
  return () => clock.stopTimer(timer)
}
