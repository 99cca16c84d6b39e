/** Checkpoints for tests, and short ways to store and read them. */
import { type Checkpoint, type CheckpointMetadata, emptyCheckpoint, uuid6 } from "@langchain/langgraph-checkpoint"
import type { RedisSaver } from "../src/index.ts"

export type Configurable = Record<string, unknown>

export const metadata: CheckpointMetadata = { source: "loop", step: 0, parents: {} }

/** A checkpoint whose channels have these values, each with a version of its own. */
export function checkpointOf(saver: RedisSaver, values: Record<string, unknown>): Checkpoint {
  const versions = Object.fromEntries(Object.keys(values).map((channel) => [channel, saver.getNextVersion(undefined)]))
  return { ...emptyCheckpoint(), id: uuid6(0), channel_values: values, channel_versions: versions }
}

/** Stores a checkpoint upon what `configurable` names. @returns the configurable of the new one. */
export async function put(saver: RedisSaver, configurable: Configurable, values: Record<string, unknown> = {}) {
  return putCheckpoint(saver, configurable, checkpointOf(saver, values))
}

export async function putCheckpoint(saver: RedisSaver, configurable: Configurable, checkpoint: Checkpoint) {
  const config = await saver.put({ configurable }, checkpoint, metadata, checkpoint.channel_versions)
  return config.configurable as Configurable
}

export const write = (saver: RedisSaver, configurable: Configurable, writes: [string, unknown][], task: string) =>
  saver.putWrites({ configurable }, writes, task)

export const read = (saver: RedisSaver, configurable: Configurable) => saver.getTuple({ configurable })

export async function valuesOf(saver: RedisSaver, configurable: Configurable) {
  return (await read(saver, configurable))?.checkpoint.channel_values
}

export async function idsOf(saver: RedisSaver, configurable: Configurable): Promise<unknown[]> {
  const ids: unknown[] = []
  for await (const tuple of saver.list({ configurable })) ids.push(tuple.checkpoint.id)
  return ids
}

/** As many checkpoints as asked for, each upon the one before. @returns their configurables, oldest first. */
export async function chain(saver: RedisSaver, start: Configurable, length: number): Promise<Configurable[]> {
  const made: Configurable[] = []
  for (let at = 0; at < length; at++) made.push(await put(saver, made.at(-1) ?? start, { at }))
  return made
}
