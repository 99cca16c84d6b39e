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
[prom-client](https://github.com/siimon/prom-client): CPU, memory, open files, garbage collection, and the lag of the event loop
(\`nodejs_eventloop_lag_p99_seconds\` and its like; they begin anew at each read, so let one reader read them).

The four metrics whose names begin with \`chat_\` are the ones that the simple protocol's users chart. No label ever holds a user, a
conversation or anything else that comes from outside.

This page is made from the table in \`packages/server/src/metrics/table.ts\`. After a change there, run
\`npx vitest run test/metrics-docs -u\`.
`

export function metricsMarkdown(): string {
  const entries = Object.entries(table).map(([name, metric]) => entry(name, metric))
  return `${head}\n${entries.join("\n")}`
}

function entry(name: string, metric: Metric): string {
  const { type, unit, labels = {}, en, zh } = metric
  const lines = [`## \`${name}\``, "", `${type}${unit ? `, ${unit}` : ""}`, "", en, "", zh, ""]
  const described = Object.entries(labels).map(([label, values]) => `- \`${label}\`: ${describe(values)}`)
  if (described.length > 0) lines.push(...described, "")
  if (metric.type === "histogram") lines.push(`Buckets: ${metric.buckets.join(", ")}`, "")
  return lines.join("\n")
}

function describe(values: LabelValues): string {
  return "named" in values ? values.named : values.map((value) => `\`${value}\``).join(", ")
}
