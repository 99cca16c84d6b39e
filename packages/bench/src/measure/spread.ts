/** What several rounds of one measurement come to: the middle one, and how far the others lie apart. */

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @throws Error without samples: there is no middle of nothing. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) throw new Error("there is nothing to take the median of")
  const upper = sorted[Math.floor(sorted.length / 2)] ?? max
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? min
  return { median: (lower + upper) / 2, min, max }
}

/** How many times the second the first is, round by round: what slowed a whole round down cancels out. */
export function ratioOf(over: readonly number[], under: readonly number[]): Spread {
  return spreadOf(over.map((sample, round) => sample / (under[round] ?? Number.NaN)))
}

/** The least value that so large a share of the samples does not exceed. `share` lies in (0, 1]. */
export function percentileOf(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
