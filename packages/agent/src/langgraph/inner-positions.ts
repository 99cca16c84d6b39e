/**
 * Where the graphs stand that run inside unfinished tasks of a thread, read from their own checkpoints.
 *
 * They are found by the paths in which the run has spoken and not by the shape of the root graph, because a node that
 * calls a graph, or a tool that does, shows nobody that it will.
 */
import type { BaseCheckpointSaver } from "@langchain/langgraph"
import type { InnerPosition } from "../graph.ts"
import { hasTask, taskOf } from "../retracted.ts"
import { isFields } from "../translate/stream-event.ts"
import { runMetadataKey } from "./guarded-saver.ts"
import { hasResult } from "./task-results.ts"

type Saver = Pick<BaseCheckpointSaver, "getTuple" | "getDeltaChannelHistory">
type Tuple = NonNullable<Awaited<ReturnType<Saver["getTuple"]>>>

export interface Inside {
  readonly thread: string
  readonly run: string
  /** Of the root graph, without results. */
  readonly openTasks: ReadonlySet<string>
}

/** @param paths in which the run has spoken. @returns by path. */
export async function innerPositions(
  saver: Saver,
  { thread, run, openTasks }: Inside,
  paths: readonly (readonly string[])[],
): Promise<ReadonlyMap<string, InnerPosition>> {
  const found = new Map<string, InnerPosition>()
  for (const path of graphsOn(paths, openTasks)) {
    const tuple = await saver.getTuple({ configurable: { thread_id: thread, checkpoint_ns: path } })
    // A graph that keeps its state from turn to turn may not have come to anything in this run.
    if (tuple && runOf(tuple) === run) found.set(path, await innerPosition(saver, tuple))
  }
  return found
}

/** The paths of the graphs around whoever spoke in a task that is open. */
function graphsOn(paths: readonly (readonly string[])[], openTasks: ReadonlySet<string>): ReadonlySet<string> {
  const isOpen = ([outermost = ""]: readonly string[]) => !hasTask(outermost) || openTasks.has(taskOf(outermost))
  return new Set(
    paths.filter(isOpen).flatMap((path) => path.slice(1).map((_, index) => path.slice(0, index + 1).join("|"))),
  )
}

function runOf({ metadata }: Tuple): unknown {
  return (metadata as { [runMetadataKey]?: unknown } | undefined)?.[runMetadataKey]
}

async function innerPosition(saver: Saver, tuple: Tuple): Promise<InnerPosition> {
  const { checkpoint, metadata, pendingWrites = [] } = tuple
  const tasks = new Set(pendingWrites.map(([task]) => task))
  const values = [...Object.values(checkpoint.channel_values), ...pendingWrites.map(([, , value]) => value)]
  return {
    step: metadata?.step ?? Number.NEGATIVE_INFINITY,
    done: new Set([...tasks].filter((task) => hasResult(tuple, task))),
    said: new Set([...values, ...(await deltaValues(saver, tuple))].flatMap(idsIn)),
  }
}

/** Channels that are kept as the writes of many checkpoints have no value in the newest one. */
async function deltaValues(saver: Saver, { config, metadata }: Tuple): Promise<unknown[]> {
  const { counters_since_delta_snapshot: counters } = { ...metadata } as { counters_since_delta_snapshot?: object }
  const channels = Object.keys(counters ?? {})
  return channels.length === 0 ? [] : Object.values(await saver.getDeltaChannelHistory({ config, channels }))
}

/** Ids of whatever has one, as deep as states hold messages: alone, in a list, or as writes of either. */
function idsIn(value: unknown, depth = 0): string[] {
  if (Array.isArray(value)) return depth > 3 ? [] : value.flatMap((held) => idsIn(held, depth + 1))
  if (!isFields(value)) return []
  const { id } = value
  if (typeof id === "string") return [id]
  return depth > 3 ? [] : Object.values(value).flatMap((held) => (Array.isArray(held) ? idsIn(held, depth + 1) : []))
}
