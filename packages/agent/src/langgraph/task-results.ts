/** Whether a task has its result among the writes that wait beside a checkpoint. */
import type { BaseCheckpointSaver } from "@langchain/langgraph"

export type Tuple = Awaited<ReturnType<BaseCheckpointSaver["getTuple"]>>

/** Writes of a task that are no result: it runs again although they are there. */
const noResult = new Set(["__interrupt__", "__resume__", "__error__", "__error_source_node__"])

export function hasResult(tuple: Tuple, task: string): boolean {
  return writesOf(tuple, task).some(([, channel]) => !noResult.has(channel))
}

export function writesOf(tuple: Tuple, task: string) {
  return (tuple?.pendingWrites ?? []).filter(([id]) => id === task)
}
