/** The engine for many nodes, on Redis or Valkey. */
export { parseRedisUrl } from "./connection/redis-url.ts"
export { openRedisEngine, type RedisEngine, type RedisEngineOptions } from "./open.ts"
