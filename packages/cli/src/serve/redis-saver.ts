/**
 * LangGraph's checkpoints beside their conversation on Redis: in its partition, so that a write and the look at the
 * conversation's fence are one step, and as durable as its log. (SPEC RUN2)
 */
import { conversationOfThread } from "@everthread/agent"
import { RedisSaver } from "@everthread/checkpoint-redis"
import type { RedisEngine } from "@everthread/engine-redis"
import type { Random } from "@everthread/protocol"
import type { CheckpointConfig } from "@everthread/server/config"

/** What the keys of checkpoints are called. */
const checkpoints = "cp"

export function redisSaver(
  { scripts }: RedisEngine,
  random: Random,
  { ttlMs, countMax }: CheckpointConfig,
): RedisSaver {
  return new RedisSaver(scripts, {
    random,
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(countMax === undefined ? {} : { maxCheckpoints: countMax }),
    keyPrefixOf: (thread) => scripts.prefixOf(conversationOfThread(thread), checkpoints, thread),
    fence: { key: (thread) => scripts.fenceKeyOf(conversationOfThread(thread)), field: scripts.fenceField },
  })
}
