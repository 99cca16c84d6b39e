/**
 * What a metric is: one table of these (`table.ts`) is the only source of what is registered and of
 * docs/metrics.md.
 */

/** The values a label may have, where they are known beforehand; `named`: a short list that another part of the server owns. */
export type LabelValues = readonly string[] | { readonly named: string }

export interface MetricTexts {
  /** Also the help text of the exposition. */
  readonly en: string
  readonly zh: string
  readonly unit?: Unit
  readonly labels?: Readonly<Record<string, LabelValues>>
}

export type Unit = "seconds" | "bytes"

export interface CounterMetric extends MetricTexts {
  readonly type: "counter"
}

export interface GaugeMetric extends MetricTexts {
  readonly type: "gauge"
}

export interface HistogramMetric extends MetricTexts {
  readonly type: "histogram"
  /** Upper bounds, in the metric's unit. */
  readonly buckets: readonly number[]
}

export type Metric = CounterMetric | GaugeMetric | HistogramMetric

export const counter = <const T extends MetricTexts>(texts: T) => ({ type: "counter" as const, ...texts })
export const gauge = <const T extends MetricTexts>(texts: T) => ({ type: "gauge" as const, ...texts })

/** A histogram of times, with the buckets that all of them share so that they can be compared. */
export const times = <const T extends Omit<MetricTexts, "unit">>(texts: T) => ({
  type: "histogram" as const,
  unit: "seconds" as const,
  buckets: timeBuckets,
  ...texts,
})

/** From what an embedded store needs to what nobody should have to wait for, in seconds. */
const timeBuckets = [
  0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const
