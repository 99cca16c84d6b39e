/** LangGraph's checkpoints on plain Redis and Valkey. */
export {
  FencedError,
  type FencedReason,
  ReplyMismatchError,
  UnreadableCheckpointError,
  ValueTooLargeError,
} from "./errors.ts"
export { type Fence, type FenceOptions, fenceConfigKey } from "./fence.ts"
export { keyPrefixOf, threadIdOf, threadKeyPattern } from "./keys.ts"
export { limits } from "./limits.ts"
export type { RedisSaverOptions } from "./options.ts"
export type { Random } from "./random.ts"
export { evalshaRunner, type SendCommand } from "./runners/evalsha.ts"
export { type IoredisClient, ioredisRunner } from "./runners/ioredis.ts"
export {
  type NodeRedisClient,
  type NodeRedisCluster,
  nodeRedisClusterRunner,
  nodeRedisRunner,
} from "./runners/node-redis.ts"
export { RedisSaver } from "./saver.ts"
export { type ScannedClient, scanThreads } from "./scan-threads.ts"
export type { Script, ScriptRunner } from "./script.ts"
