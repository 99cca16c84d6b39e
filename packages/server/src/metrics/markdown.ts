/** docs/metrics.md: the table of metrics for people, in both languages. A test says whether the file is up to date. */
import type { LabelValues, Metric } from "./metric.ts"
import { table } from "./table.ts"

const head = `# Metrics

\`GET /metrics\` on the server's port shows what a node knows of itself, in the text format of Prometheus. Every node speaks for
itself alone: add up over nodes where a line below does not say that it is about the whole store.

\`metrics.enabled: false\` turns it off. Nothing in it is secret, but numbers can be unwanted in public: with \`metrics.token\` set,
whoever reads has to bring \`Authorization: Bearer …\`.

\`\`\`yaml
metrics:
  enabled: true
  token: a-long-random-text
\`\`\`

Beside what is below there are the usual \`process_…\` and \`nodejs_…\` metrics of
[prom-client](https://github.com/siimon/prom-client): CPU, memory, open files, garbage collection. Of the event loop's lag take
ours: theirs begins anew at each read, so two readers spoil it for each other.

The four metrics whose names begin with \`chat_\` are the ones that the simple protocol's users chart. No label ever holds a user, a
conversation or anything else that comes from outside.

## What to watch

- A store that is in trouble: \`everthread_engine_state{state="ready"} == 0\`, or \`everthread_engine_reconnects_total\` that rises.
- People who wait: \`histogram_quantile(0.99, sum by (le) (rate(chat_message_latency_bucket[5m])))\`.
- Runs that nobody works on: \`max(everthread_runs{state="queued"})\` that stays above 0. It is about the whole store, so do not add it up.
- Nodes that die: \`rate(everthread_takeovers_total[5m])\`.
- A store that lost history: any rise of \`everthread_resets_total{reason="diverged"}\`.
- Announcements that get lost: \`rate(everthread_gap_fills_total[5m])\` that is not small beside \`rate(chat_messages_processed_total[5m])\`.
- A process that is too busy: \`histogram_quantile(0.99, sum by (instance, le) (rate(everthread_event_loop_lag_seconds_bucket[5m])))\` above
  some 0.05, and then \`everthread_slow_consumers_total\`.

## About this page

This page is made from the table in \`packages/server/src/metrics/table.ts\`. After a change there, run
\`npx vitest run test/metrics-docs -u\`.

## Every metric of our own
`

export function metricsMarkdown(): string {
  const entries = Object.entries(table).map(([name, metric]) => entry(name, metric))
  return `${head}\n${entries.join("\n")}`
}

function entry(name: string, metric: Metric): string {
  const { type, unit, labels = {}, en, zh } = metric
  const lines = [`### \`${name}\``, "", `${type}${unit ? `, ${unit}` : ""}`, "", en, "", zh, ""]
  const described = Object.entries(labels).map(([label, values]) => `- \`${label}\`: ${describe(values)}`)
  if (described.length > 0) lines.push(...described, "")
  if (metric.type === "histogram") lines.push(`Buckets: ${metric.buckets.join(", ")}`, "")
  return lines.join("\n")
}

function describe(values: LabelValues): string {
  return "named" in values ? values.named : values.map((value) => `\`${value}\``).join(", ")
}
