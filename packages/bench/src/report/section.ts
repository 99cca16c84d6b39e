/** What one part of a bench comes to: what is shown, what is drawn, and what it is held to. */
import type { Spread } from "../measure/spread.ts"

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Met up to and including `max`, or from `min` on. */
type Bound = { readonly max: number; readonly min?: undefined } | { readonly min: number; readonly max?: undefined }

/** A figure that speed claims stand on. */
export type Target = Bound & {
  readonly name: string
  readonly value: number
  /** Behind the figure: `x` for a ratio, ` B` for bytes. */
  readonly unit: string
  /** In a few words, with `#` where the figure comes: `fan-out # Socket.IO`. Without it the name is said. */
  readonly brief?: string
}

export interface Plot {
  /** Of its file, without the ending. */
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly groups: readonly string[]
  /** A value for each group; `undefined`: it was not measured there. */
  readonly series: readonly { readonly name: string; readonly values: readonly (Spread | undefined)[] }[]
}

export interface Section {
  readonly name: string
  readonly title: string
  readonly tables: readonly Table[]
  /** Sentences below the tables: what was held equal, and what was saturated. */
  readonly notes: readonly string[]
  readonly targets: readonly Target[]
  readonly plots: readonly Plot[]
  /** How long it took to measure, where that is known. */
  readonly seconds?: number
}

/** What could not be measured is `NaN`, and misses every target. */
export const isMet = ({ value, min, max }: Target): boolean => (min === undefined ? value <= max : value >= min)

/** `2.04 (1.97–2.12)`; nothing behind the point where it says nothing. */
export function shown({ median, min, max }: Spread, digitsMax = 2): string {
  const digits = max >= 1_000 ? 0 : digitsMax
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

export const textOfTarget = (target: Target): string =>
  `${isMet(target) ? "met   " : "MISSED"}  ${target.name}: ${shownValue(target)}, ${shownBound(target)}`

export const shownValue = ({ value, unit }: Target): string => `${value.toFixed(2)}${unit}`

export const shownBound = ({ min, max, unit }: Target): string =>
  min === undefined ? `at most ${max}${unit}` : `at least ${min}${unit}`

/** `fan-out 9.10x Socket.IO (8)` */
export function briefOf(target: Target): string {
  const brief = target.brief ?? `${target.name} #`
  return `${brief.replace("#", shownValue(target))} (${target.min ?? target.max})`
}
