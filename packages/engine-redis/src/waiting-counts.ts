/**
 * Counts that nobody waits for: they wait for each other, a moment, so that one call carries those of many users.
 *
 * Whoever does wait for a count flushes those of its partition first, so of one user each is counted in its turn. What waits
 * is bounded by time, and by how many users one call may name.
 */
import type { Clock } from "@everthread/protocol"

export type Users = readonly [string, ...string[]]

export interface WaitingCounts {
  add(partition: number, who: string): void
  /** Sends those of the partition at once. */
  flush(partition: number): void
}

/** What one count may wait for others, in milliseconds. */
const waitMsMax = 50
/** In one call: the server does nothing else meanwhile. */
const usersMax = 64

/** @param send counts each of these users once more. */
export function waitingCounts(clock: Clock, send: (partition: number, users: Users) => void): WaitingCounts {
  const waiting = new Map<number, [string, ...string[]]>()
  let isTimed = false

  function flush(partition: number): void {
    const users = waiting.get(partition)
    waiting.delete(partition)
    if (users) send(partition, users)
  }

  function flushAll(): void {
    isTimed = false
    for (const partition of [...waiting.keys()]) flush(partition)
  }

  return {
    add(partition, who) {
      if (!isTimed) clock.startTimer(waitMsMax, flushAll)
      isTimed = true
      const users = waiting.get(partition)
      if (!users) waiting.set(partition, [who])
      else if (users.push(who) === usersMax) flush(partition)
    },
    flush,
  }
}
