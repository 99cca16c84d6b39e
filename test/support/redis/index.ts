/** Real servers for tests: started by the test, on free ports, gone when it is. */
export { Cluster, type ClusterOptions, startCluster } from "./cluster.ts"
export { type Flavour, flavours } from "./flavours.ts"
export { type RedisOptions, RedisServer, startRedis } from "./redis-server.ts"
export { inSync, promote, startReplica } from "./replica.ts"
export { type Reply, ReplyError } from "./resp-reply.ts"
export { SentinelGroup, type SentinelOptions, startSentinels } from "./sentinels.ts"
export type { RedisConfig } from "./server-config.ts"
export { until } from "./until.ts"
