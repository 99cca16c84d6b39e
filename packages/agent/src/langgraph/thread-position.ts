/** Reads from the newest checkpoint of a thread what a run that goes on from it will do. */
import type { BaseCheckpointSaver, CompiledStateGraph, StateSnapshot } from "@langchain/langgraph"
import type { WaitingTask } from "../answers.ts"
import type { ThreadPosition } from "../graph.ts"
import { runMetadataKey } from "./guarded-saver.ts"
import { givenOf } from "./intake-saver.ts"

// biome-ignore lint/suspicious/noExplicitAny: the graphs are other people's, of any state and input.
export type AnyGraph = CompiledStateGraph<any, any, any, any, any, any>

type Config = { configurable: { thread_id: string } }
type Tuple = Awaited<ReturnType<BaseCheckpointSaver["getTuple"]>>

/** Writes of a task that are no result: it runs again although they are there. */
const noResult = new Set(["__interrupt__", "__resume__", "__error__", "__error_source_node__"])

export async function threadPosition(
  graph: AnyGraph,
  saver: BaseCheckpointSaver,
  config: Config,
): Promise<ThreadPosition> {
  const newest = await saver.getTuple(config)
  const nothing: ThreadPosition = { run: undefined, given: [], isFinished: true, tasksToRun: new Set(), waiting: [] }
  if (!newest) return nothing
  const run = (newest.metadata as { [runMetadataKey]?: unknown } | undefined)?.[runMetadataKey]
  if (typeof run !== "string") return nothing
  const snapshot = await graph.getState(config, { subgraphs: true })
  const { tasksToRun, waiting } = await openTasks(snapshot, saver)
  const given = givenOf(newest.metadata)
  return { run, given, isFinished: snapshot.tasks.length === 0, tasksToRun: new Set(tasksToRun), waiting }
}

interface OpenTasks {
  readonly tasksToRun: string[]
  readonly waiting: WaitingTask[]
}

async function openTasks(snapshot: StateSnapshot, saver: BaseCheckpointSaver): Promise<OpenTasks> {
  const tuple = await saver.getTuple(snapshot.config)
  const open: OpenTasks = { tasksToRun: [], waiting: [] }
  for (const task of snapshot.tasks.filter(({ id }) => !hasResult(tuple, id))) {
    if (hasBegun(task.state)) {
      // It goes on inside, also where nothing but its own result is missing; then it says nothing again.
      const inner = await openTasks(task.state, saver)
      open.tasksToRun.push(...inner.tasksToRun)
      open.waiting.push(...inner.waiting)
    } else {
      open.tasksToRun.push(task.id)
      open.waiting.push(...waitingOf(task, tuple))
    }
  }
  return open
}

function waitingOf(task: StateSnapshot["tasks"][number], tuple: Tuple): WaitingTask[] {
  const used = writesOf(tuple, task.id).flatMap(([, channel, value]) => (channel === "__resume__" ? value : [])).length
  // None may also mean that the task called a graph by itself, whose answers are counted where we cannot see them.
  const count = used === 0 ? undefined : used
  return task.interrupts.flatMap(({ id }) => (id === undefined ? [] : [{ id, used: count }]))
}

function hasResult(tuple: Tuple, task: string): boolean {
  return writesOf(tuple, task).some(([, channel]) => !noResult.has(channel))
}

function writesOf(tuple: Tuple, task: string) {
  return (tuple?.pendingWrites ?? []).filter(([id]) => id === task)
}

function hasBegun(state: StateSnapshot["tasks"][number]["state"]): state is StateSnapshot {
  return state !== undefined && "createdAt" in state && state.createdAt !== undefined
}
