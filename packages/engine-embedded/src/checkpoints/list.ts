/** Which checkpoints a listing is about, newest first. */
import { isDeepStrictEqual } from "node:util"
import type { RunnableConfig } from "@langchain/core/runnables"
import type { CheckpointListOptions, CheckpointMetadata } from "@langchain/langgraph-checkpoint"
import { checkpointRecords } from "../keys.ts"
import { keysUnder, type Tables } from "../tables.ts"
import { type CheckpointPlace, checkpointIdIn } from "./place.ts"

export interface Listed extends CheckpointPlace {
  readonly id: string
}

/** @returns the checkpoints that the config and `before` leave; `filter` and `limit` come after their metadata is read. */
export function listCheckpoints(tables: Tables, config: RunnableConfig, before: RunnableConfig | undefined): Listed[] {
  const { thread_id: thread, checkpoint_ns: ns } = config.configurable ?? {}
  const only = checkpointIdIn(config)
  const bound = checkpointIdIn(before)
  const prefix = thread ? checkpointRecords("c", String(thread)) : checkpointRecords("c")
  return [...keysUnder(tables.checkpoints, prefix)]
    .map(([, thread, ns, id]) => ({ thread: String(thread), ns: String(ns), id: String(id) }))
    .filter((found) => ns === undefined || found.ns === ns)
    .filter(({ id }) => (only === undefined || id === only) && (bound === undefined || id < bound))
    .sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0))
}

/** Whether the metadata has every value of the filter. */
export function matches(metadata: CheckpointMetadata, filter: CheckpointListOptions["filter"]): boolean {
  const known: Record<string, unknown> = { ...metadata }
  return Object.entries(filter ?? {}).every(([key, value]) => isDeepStrictEqual(known[key], value))
}
