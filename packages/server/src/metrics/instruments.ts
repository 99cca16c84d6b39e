/**
 * The table, registered with prom-client: one typed instrument for each metric.
 *
 * Where a label's values are known beforehand each of them is there from the start, with 0: a rate over a
 * series that appears only when something goes wrong would miss the first time it does.
 */
import { Counter, Gauge, Histogram, type Registry } from "prom-client"
import type { Metric } from "./metric.ts"
import { type MetricName, table } from "./table.ts"

type LabelsOf<M> = M extends { readonly labels: infer L } ? Extract<keyof L, string> : never

type InstrumentOf<M extends Metric> = M["type"] extends "counter"
  ? Counter<LabelsOf<M>>
  : M["type"] extends "gauge"
    ? Gauge<LabelsOf<M>>
    : Histogram<LabelsOf<M>>

export type Instruments = { readonly [N in MetricName]: InstrumentOf<(typeof table)[N]> }

export function register(registry: Registry): Instruments {
  const entries = Object.entries(table).map(([name, metric]) => [name, instrument(name, metric, registry)])
  return Object.fromEntries(entries) as Instruments
}

function instrument(name: string, metric: Metric, registry: Registry): Counter | Gauge | Histogram {
  const { en: help, labels = {} } = metric
  const about = { name, help, labelNames: Object.keys(labels), registers: [registry] }
  const zeros = knownLabels(metric)
  switch (metric.type) {
    case "counter": {
      const made = new Counter(about)
      for (const labels of zeros) made.inc(labels, 0)
      return made
    }
    case "gauge": {
      const made = new Gauge(about)
      for (const labels of zeros) made.set(labels, 0)
      return made
    }
    case "histogram": {
      const made = new Histogram({ ...about, buckets: [...metric.buckets] })
      for (const labels of zeros) made.zero(labels)
      return made
    }
  }
}

/** Every combination that is known beforehand; none where a part of it is not. */
function knownLabels({ labels }: Metric): Record<string, string>[] {
  let known: Record<string, string>[] = labels ? [{}] : []
  for (const [name, values] of Object.entries(labels ?? {})) {
    const listed = "named" in values ? [] : values
    known = known.flatMap((held) => listed.map((value) => ({ ...held, [name]: value })))
  }
  return known
}
