/**
 * Picks the store that a configuration names, and the checkpoint saver that writes into it.
 *
 * Several nodes may be started on one opened store; whoever opened it closes it, after them.
 *
 * Only the one that is named is loaded: a Redis client is a tenth of what a node without a Redis would load to start.
 */
import type { LoadGraphParts, ThreadSaver } from "@everthread/agent"
import { conversationOfThread } from "@everthread/agent/worker"
import type { Engine } from "@everthread/engine"
import type { Clock, Random } from "@everthread/protocol"
import type { CheckpointConfig, Config, RedisConfig } from "@everthread/server/config"
import type { Log } from "@everthread/server/logging"
import { madeOnce } from "./made-once.ts"

export interface StoreParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export type Saver = LoadGraphParts["saver"] & ThreadSaver

export interface OpenedStore {
  readonly engine: Engine
  /**
   * For every graph: its checkpoints stand beside the conversation's log, under the same fence. LangGraph is imported
   * when it is asked for, and not before: a node that runs no graphs starts without.
   */
  saver(): Promise<Saver>
  /** Makes everything durable and frees the store. */
  close(): Promise<void>
}

/** @throws EngineError that says what to do, if the store cannot be opened. */
export async function openStore(config: Config, parts: StoreParts): Promise<OpenedStore> {
  const opened = config.redis
    ? await openRedis(config.redis, config.checkpoints, parts)
    : await openEmbedded(config, parts)
  const { engine } = opened
  const unwatch = engine.onStatus((status) => {
    const { logger } = parts.log
    if (status.state === "ready") logger.info("The store is ready again")
    else logger.warn(status, "The store is in trouble")
  })
  const close = async () => {
    unwatch()
    await engine.close()
  }
  return { ...opened, close }
}

type Opened = Omit<OpenedStore, "close">

async function openEmbedded({ dataFolder, checkpoints }: Config, { clock }: StoreParts): Promise<Opened> {
  const { openEmbeddedEngine } = await import("@everthread/engine-embedded")
  const engine = await openEmbeddedEngine({ folder: dataFolder, clock })
  const saver = madeOnce(async () => {
    const { EmbeddedSaver } = await import("@everthread/engine-embedded/checkpoints")
    return bounded(new EmbeddedSaver(engine, { conversationOf: conversationOfThread }), checkpoints)
  })
  return { engine, saver }
}

async function openRedis(
  redis: RedisConfig,
  checkpoints: CheckpointConfig,
  { clock, random, log }: StoreParts,
): Promise<Opened> {
  const { openRedisEngine } = await import("@everthread/engine-redis")
  const { reportTo } = await import("./report-to-log.ts")
  const report = reportTo(log.logger)
  const engine = await openRedisEngine({ ...redis, clock, random, report: report.found })
  report.opened()
  const saver = madeOnce(async () => {
    const { redisSaver } = await import("./redis-saver.ts")
    return bounded(redisSaver(engine, random, checkpoints), checkpoints)
  })
  return { engine, saver }
}

async function bounded(saver: Saver, { bytesMax }: CheckpointConfig): Promise<Saver> {
  const { withBoundedValues } = await import("@everthread/agent")
  return withBoundedValues(saver, bytesMax)
}
