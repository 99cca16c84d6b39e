/** The metrics of a node: one table, and what is made of it. */
export { createMetrics, type Metrics } from "./create-metrics.ts"
export { metricsMarkdown } from "./markdown.ts"
export { type MetricName, table as metricsTable } from "./table.ts"
export type { MeasuredWorker, WorkerMeter } from "./worker-meter.ts"
