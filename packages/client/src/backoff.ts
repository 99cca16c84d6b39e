/**
 * How long to wait before trying again.
 *
 * Full jitter: uniform between nothing and an upper end that doubles, so that many devices that lost
 * the same node do not come back in the same instant.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
import { clientLimits } from "./limits.ts"

/**
 * @param failures how many tries have failed in a row, from 1.
 * @param fraction uniform in [0, 1).
 * @returns milliseconds.
 */
export function backoffMs(failures: number, fraction: number): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 30)
  const upperMs = Math.min(clientLimits.backoffMaxMs, clientLimits.backoffBaseMs * 2 ** doublings)
  return Math.round(fraction * upperMs)
}

/** What the server asked for, and up to half as much again: never earlier than it said. */
export function retryAfterJitterMs(retryAfterMs: number, fraction: number): number {
  return Math.round(retryAfterMs * (1 + fraction / 2))
}
