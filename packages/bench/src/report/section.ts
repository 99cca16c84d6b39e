/** What one part of a bench comes to: what is shown, what is drawn, and what it is held to. */
import type { Spread } from "../measure/spread.ts"

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A figure that speed claims stand on. It is met up to and including `max`. */
export interface Target {
  readonly name: string
  readonly value: number
  readonly max: number
  /** Behind the figure: `x` for a ratio, ` B` for bytes. */
  readonly unit: string
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
}

export const isMet = ({ value, max }: Target): boolean => value <= max

/** `2.04 (1.97–2.12)` */
export function shown({ median, min, max }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

export const textOfTarget = (target: Target): string => {
  const value = `${target.value.toFixed(2)}${target.unit}`
  const max = `${target.max}${target.unit}`
  return `${isMet(target) ? "met   " : "MISSED"}  ${target.name}: ${value}, at most ${max}`
}
