/**
 * Who has plenty left of a limit, as far as this node was told.
 *
 * It is known of those of whom nothing is being asked, from the last answer: what is under way may use up what was left.
 * Forgotten when nothing was asked for a window: then it is asked again, and what it holds is bounded.
 */
import type { Clock } from "@everthread/protocol"

export interface Plenty {
  isLeft(who: string): boolean
  asked(who: string): void
  answered(who: string, isPlenty: boolean): void
}

interface Standing {
  asking: number
  isPlenty: boolean
  at: number
}

export function plentyOf(clock: Clock, windowMs: number): Plenty {
  const standings = new Map<string, Standing>()
  let sweptAt = clock.monotonic()

  /** Once in a window. */
  function sweep(now: number): void {
    if (now - sweptAt < windowMs) return
    sweptAt = now
    for (const [who, { asking, at }] of standings) if (asking === 0 && now - at >= windowMs) standings.delete(who)
  }

  return {
    isLeft(who) {
      const standing = standings.get(who)
      return standing?.isPlenty === true && standing.asking === 0
    },
    asked(who) {
      const now = clock.monotonic()
      sweep(now)
      const standing = standings.get(who) ?? { asking: 0, isPlenty: false, at: now }
      standing.asking += 1
      standing.at = now
      standings.set(who, standing)
    },
    answered(who, isPlenty) {
      const standing = standings.get(who)
      if (!standing) return
      standing.asking -= 1
      standing.isPlenty = isPlenty
      if (standing.asking === 0 && !isPlenty) standings.delete(who)
    },
  }
}
