/** The engine for many nodes, on Redis or Valkey. */

export type { ForeignCall } from "./append-with.ts"
export { parseRedisUrl } from "./connection/redis-url.ts"
export { serverName } from "./connection/target.ts"
export type { Demand, Durability } from "./durability/durability.ts"
export { type Examination, type ExaminedServer, examineRedis } from "./durability/examine.ts"
export type { ServerFacts } from "./durability/facts.ts"
export type { Finding, FindingLevel, Words } from "./durability/finding.ts"
export { complaintOf } from "./durability/judge.ts"
export type { ServerReport } from "./durability/master-watch.ts"
export type { Percentiles } from "./durability/round-trips.ts"
export { openRedisEngine, type RedisEngine, type RedisEngineOptions } from "./open.ts"
export type { ForeignRunner, ForeignScript } from "./script-runner.ts"
