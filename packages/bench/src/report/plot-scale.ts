/**
 * Where a value stands in a plot, and the lines behind it.
 *
 * It begins at nothing, so that a bar twice as long is twice as much. Where the longest bar would be more than a hundred
 * times the shortest, nobody would see the shortest: there each line is ten times the one below it, and the plot says so.
 */
import type { Spread } from "../measure/spread.ts"

export interface Scale {
  readonly isLogarithmic: boolean
  /** The values at which there is a line, the least first: it is where the bars stand. */
  readonly lines: readonly number[]
  /** @returns how high, from 0 at the first line to 1 at the last. */
  at(value: number): number
}

const timesMax = 100

/** The last line of a scale that begins at nothing, in times of a power of ten, and how many pieces it is cut into. */
const tops = [
  [1, 5],
  [1.2, 4],
  [1.6, 4],
  [2, 4],
  [3, 3],
  [4, 4],
  [6, 3],
  [8, 4],
  [10, 5],
] as const

export function scaleOf(spreads: readonly Spread[]): Scale {
  const least = Math.min(...spreads.map(({ median }) => median))
  const most = Math.max(...spreads.map(({ median }) => median))
  const top = Math.max(...spreads.map(({ max }) => max))
  return least > 0 && most > least * timesMax ? logarithmic(least, top) : linear(top)
}

function linear(value: number): Scale {
  const power = 10 ** Math.floor(Math.log10(value))
  const [top, pieces] = tops.find(([step]) => step * power >= value) ?? [10, 5]
  const last = top * power
  const lines = Array.from({ length: pieces + 1 }, (_, at) => (last / pieces) * at)
  return { isLogarithmic: false, lines, at: (each) => each / last }
}

function logarithmic(least: number, most: number): Scale {
  const first = Math.ceil(Math.log10(least)) - 1
  const last = Math.ceil(Math.log10(most))
  const lines = Array.from({ length: last - first + 1 }, (_, at) => 10 ** (first + at))
  // What is less than the first line stands on it: there is no nothing here.
  const at = (value: number) => Math.max(0, (Math.log10(Math.max(value, Number.MIN_VALUE)) - first) / (last - first))
  return { isLogarithmic: true, lines, at }
}
