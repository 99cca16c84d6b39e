/** Where a config points: the thread, the namespace of a subgraph, a checkpoint, and the fence of who writes. */

import type { Fence } from "@everthread/engine"
import type { RunnableConfig } from "@langchain/core/runnables"
import { getCheckpointId } from "@langchain/langgraph-checkpoint"

/** The key under which an owner's fence travels; LangGraph keeps keys that begin so out of the metadata. */
export const fenceConfigKey = "__fence"

export interface CheckpointPlace {
  readonly thread: string
  readonly ns: string
}

export function getPlace(config: RunnableConfig): CheckpointPlace | undefined {
  const { thread_id: thread, checkpoint_ns: ns = "" } = config.configurable ?? {}
  return typeof thread === "string" && thread !== "" ? { thread, ns: String(ns) } : undefined
}

/** @throws if the config names no thread. */
export function mustGetPlace(config: RunnableConfig): CheckpointPlace {
  const place = getPlace(config)
  if (!place) throw new Error("config.configurable.thread_id must be there to store anything: text that is not empty.")
  return place
}

/** @returns the id of the checkpoint that the config names, if it names one. */
export const checkpointIdIn = (config: RunnableConfig | undefined): string | undefined =>
  (config && getCheckpointId(config)) || undefined

export function fenceIn(config: RunnableConfig): Fence | undefined {
  return config.configurable?.[fenceConfigKey] as Fence | undefined
}

export const configOf = ({ thread, ns }: CheckpointPlace, checkpoint: string): RunnableConfig => ({
  configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: checkpoint },
})
