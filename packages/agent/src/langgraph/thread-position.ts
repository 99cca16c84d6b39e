/** Reads from the newest checkpoint of a thread what a run that goes on from it will do. */
import type { BaseCheckpointSaver, CompiledStateGraph, StateSnapshot } from "@langchain/langgraph"
import type { WaitingTask } from "../answers.ts"
import type { ThreadPosition } from "../graph.ts"
import { runMetadataKey } from "./guarded-saver.ts"
import { innerPositions } from "./inner-positions.ts"
import { givenOf } from "./intake-saver.ts"
import { hasResult, type Tuple, writesOf } from "./task-results.ts"

// biome-ignore lint/suspicious/noExplicitAny: the graphs are other people's, of any state and input.
export type AnyGraph = CompiledStateGraph<any, any, any, any, any, any>

const nothing: ThreadPosition = {
  run: undefined,
  given: [],
  isFinished: true,
  openTasks: new Set(),
  inside: new Map(),
  waiting: [],
}

/** @param paths in which the run has spoken. */
export async function threadPosition(
  graph: AnyGraph,
  saver: BaseCheckpointSaver,
  thread: string,
  paths: readonly (readonly string[])[],
): Promise<ThreadPosition> {
  const config = { configurable: { thread_id: thread } }
  const newest = await saver.getTuple(config)
  const run = (newest?.metadata as { [runMetadataKey]?: unknown } | undefined)?.[runMetadataKey]
  if (!newest || typeof run !== "string") return nothing
  const snapshot = await graph.getState(config, { subgraphs: true })
  const openTasks = new Set(snapshot.tasks.filter(({ id }) => !hasResult(newest, id)).map(({ id }) => id))
  return {
    run,
    given: givenOf(newest.metadata),
    isFinished: snapshot.tasks.length === 0,
    openTasks,
    inside: await innerPositions(saver, { thread, run, openTasks }, paths),
    waiting: await waitingTasks(snapshot, saver),
  }
}

async function waitingTasks(snapshot: StateSnapshot, saver: BaseCheckpointSaver): Promise<WaitingTask[]> {
  const tuple = await saver.getTuple(snapshot.config)
  const waiting: WaitingTask[] = []
  for (const task of snapshot.tasks.filter(({ id }) => !hasResult(tuple, id))) {
    waiting.push(...(hasBegun(task.state) ? await waitingTasks(task.state, saver) : waitingOf(task, tuple)))
  }
  return waiting
}

function waitingOf(task: StateSnapshot["tasks"][number], tuple: Tuple): WaitingTask[] {
  const used = writesOf(tuple, task.id).flatMap(([, channel, value]) => (channel === "__resume__" ? value : [])).length
  // None may also mean that the task called a graph by itself, whose answers are counted where we cannot see them.
  const count = used === 0 ? undefined : used
  return task.interrupts.flatMap(({ id }) => (id === undefined ? [] : [{ id, used: count }]))
}

function hasBegun(state: StateSnapshot["tasks"][number]["state"]): state is StateSnapshot {
  return state !== undefined && "createdAt" in state && state.createdAt !== undefined
}
