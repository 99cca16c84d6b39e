/** Where a config points: the thread, the namespace of a subgraph, and a checkpoint. */
import type { RunnableConfig } from "@langchain/core/runnables"
import { getCheckpointId } from "@langchain/langgraph-checkpoint"

export interface CheckpointPlace {
  readonly thread: string
  readonly ns: string
}

export function getPlace(config: RunnableConfig): CheckpointPlace | undefined {
  const { thread_id: thread, checkpoint_ns: ns = "" } = config.configurable ?? {}
  return typeof thread === "string" && thread !== ""
    ? { thread, ns: mustBeName("checkpoint_ns", String(ns)) }
    : undefined
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

/** @throws if the config names no checkpoint. */
export function mustGetCheckpointId(config: RunnableConfig): string {
  const id = checkpointIdIn(config)
  if (id === undefined)
    throw new Error("config.configurable.checkpoint_id must be there: which checkpoint this is about.")
  return id
}

export const configOf = ({ thread, ns }: CheckpointPlace, checkpoint: string): RunnableConfig => ({
  configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: checkpoint },
})

export const channelName = (channel: string): string => mustBeName("The name of a channel", channel)

/** Names are joined by NUL in the store, so none of them may contain it. */
export function mustBeName(what: string, name: string): string {
  if (name.includes("\0")) throw new Error(`${what} must not contain the character NUL: ${JSON.stringify(name)}`)
  return name
}
