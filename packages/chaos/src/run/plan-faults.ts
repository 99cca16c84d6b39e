/**
 * What goes wrong in a round, and when: a deck of all nemeses that fit, shuffled by the seed and dealt again when it is through.
 * So each comes before any comes twice, where dice would leave some out.
 */
import type { Random } from "@everthread/protocol"
import { shuffled } from "@everthread/sim"
import type { Nemesis } from "../nemesis/nemesis.ts"

export interface PlannedFault {
  readonly atMs: number
  readonly nemesis: Nemesis
  /** So long, then it is healed; or when the round ends. */
  readonly lastsMs: number
}

/** Of a round, before the first fault, and after the last has begun. */
const shares = { before: 0.04, after: 0.12 }
/** From one fault to the next, on the average. */
const gapMs = { least: 900, most: 4_000 }

export function planFaults(nemeses: readonly Nemesis[], ms: number, random: Random): readonly PlannedFault[] {
  if (nemeses.length === 0) return []
  const [firstMs, endMs] = [ms * shares.before, ms * (1 - shares.after)]
  const fairMs = (endMs - firstMs) / nemeses.length
  const meanMs = Math.min(Math.max(fairMs, gapMs.least), gapMs.most)
  const planned: PlannedFault[] = []
  let deck: readonly Nemesis[] = []
  for (let at = firstMs; at < endMs; at += meanMs * (0.6 + 0.6 * random.fraction())) {
    if (deck.length === 0) deck = shuffled(random, nemeses)
    const [nemesis, ...rest] = deck
    deck = rest
    if (nemesis) planned.push({ atMs: Math.round(at), nemesis, lastsMs: lastsMs(nemesis, random) })
  }
  return planned
}

function lastsMs({ lastsMs: { least, most } }: Nemesis, random: Random): number {
  return Math.round(least + random.fraction() * (most - least))
}
