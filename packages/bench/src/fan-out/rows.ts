/** Figures as rows of a table: what it costs, in times of somebody else, how soon it was there, and who was busy. */
import { ratioOf, spreadOf } from "../measure/spread.ts"
import { shown } from "../report/section.ts"
import type { Figures } from "./figures.ts"

export const columns = (other: string): string[] => [
  "",
  "node µs",
  `${other} takes`,
  "Redis µs",
  "per second",
  "p50 ms",
  "p99 ms",
  "busy: node / Redis / load",
]

export function rowOf(title: string, own: readonly Figures[], others: readonly Figures[]): string[] {
  const of = (figure: (figures: Figures) => number) => spreadOf(own.map(figure))
  const middle = (figure: (figures: Figures) => number, digits: number) => of(figure).median.toFixed(digits)
  const cost = ({ nodeUs }: Figures) => nodeUs
  const busy = [middle((at) => at.nodesBusy, 2), middle((at) => at.redisBusy, 2), middle((at) => at.loadBusy, 2)]
  return [
    title,
    shown(of(cost)),
    `${ratioOf(others.map(cost), own.map(cost)).median.toFixed(2)}x`,
    middle((at) => at.redisUs, 2),
    middle((at) => at.rate, 0),
    timeOf(middle((at) => at.delayMedianMs, 1)),
    timeOf(middle((at) => at.delayP99Ms, 1)),
    busy.join(" / "),
  ]
}

/** The writer in C stamps nothing, and so nothing is known. */
const timeOf = (ms: string): string => (ms === "0.0" ? "" : ms)
