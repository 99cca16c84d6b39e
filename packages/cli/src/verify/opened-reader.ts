/** Opens the store that a configuration names, to look at it, with the saver of its checkpoints. (SPEC VER1) */

import { resolve } from "node:path"
import type { ThreadSaver } from "@everthread/agent"
import { conversationOfThread } from "@everthread/agent/worker"
import type { EngineReader } from "@everthread/engine"
import { openEmbeddedReader } from "@everthread/engine-embedded"
import { openRedisReader } from "@everthread/engine-redis"
import type { Clock } from "@everthread/protocol"
import type { Config, RedisConfig } from "@everthread/server/config"
import type { CliContext } from "../context.ts"
import { madeOnce } from "../serve/made-once.ts"

export interface OpenedReader {
  readonly reader: EngineReader
  /** The processes that have the store as their own, where it is one process' own. */
  readonly occupants: readonly number[]
  checkpoints(): {
    /** LangGraph is imported when it is asked for, and not before. */
    readonly saver: () => Promise<Pick<ThreadSaver, "list">>
    readonly arePruned: boolean
    readonly keptSince: number
  }
}

/** @throws EngineError that says what to do, if the store cannot be opened. */
export function openReader(config: Config, context: CliContext): Promise<OpenedReader> {
  return config.redis ? openRedis(config.redis, config.checkpoints, context) : openEmbedded(config, context)
}

async function openEmbedded({ dataFolder }: Config, { clock, folder }: CliContext): Promise<OpenedReader> {
  const reader = await openEmbeddedReader({ folder: resolve(folder, dataFolder), clock })
  const saver = madeOnce(async () => {
    const { EmbeddedSaver } = await import("@everthread/engine-embedded/checkpoints")
    return new EmbeddedSaver(reader, { conversationOf: conversationOfThread })
  })
  const { occupants } = reader
  // Elsewhere than on Redis nothing prunes them, and none expires.
  return { reader, occupants, checkpoints: () => ({ saver, arePruned: false, keptSince: 0 }) }
}

async function openRedis(
  redis: RedisConfig,
  checkpoints: Config["checkpoints"],
  { clock, random }: CliContext,
): Promise<OpenedReader> {
  const reader = await openRedisReader({ ...redis, clock, random })
  const saver = madeOnce(async () => {
    const { redisSaver } = await import("../serve/redis-saver.ts")
    return redisSaver(reader, random, checkpoints)
  })
  const kept = () => ({ saver, arePruned: true, keptSince: keptSince(clock, checkpoints.ttlMs) })
  return { reader, occupants: [], checkpoints: kept }
}

/** Those written in the last half of their time are there for sure, whatever the clocks say. */
function keptSince(clock: Clock, ttlMs: number | undefined): number {
  return ttlMs === undefined ? 0 : clock.now() - ttlMs / 2
}
