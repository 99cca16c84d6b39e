/**
 * A thread's state and its history, in the shape of LangGraph's `ThreadState`.
 *
 * The newest state has no `next`: LangChain's hook opens no stream to a thread whose `next` is empty, and a device that
 * only watches would see nothing of the runs that others start. Its messages are the conversation's, the words of an answer
 * under way among them; what else the graph knows is the newest checkpoint's.
 */
import { type CheckpointEntry, type ConversationState, type Json, limits } from "@everthread/protocol"
import { clientIds, type Task, tasksOf, type Values, valuesOf } from "@everthread/protocol/langgraph"
import type { AgentThread } from "../../core/checkpoint-history.ts"
import { stateForMember } from "../../core/commands/access.ts"
import { originOf } from "../../core/commands/threads.ts"
import { done, type Outcome } from "../../core/outcome.ts"
import { asContext, type ThreadPort } from "../stock/thread-port.ts"

interface CheckpointRef {
  readonly thread_id: string
  readonly checkpoint_ns: ""
  readonly checkpoint_id: string | null
}

export interface ThreadState {
  readonly values: { readonly [channel: string]: Json }
  readonly next?: readonly string[]
  readonly tasks: readonly Task[]
  readonly checkpoint: CheckpointRef
  readonly metadata: { readonly [name: string]: Json }
  readonly created_at: string | null
  readonly parent_checkpoint: CheckpointRef | null
}

export async function threadState(port: ThreadPort): Promise<Outcome<ThreadState>> {
  const held = await stateForMember(asContext(port), port.thread)
  if (!held.ok) return held
  const state = held.result
  const newest = await newestCheckpoint(port, state)
  const values = { ...fieldsOf(newest?.values), ...valuesOf(state) }
  const time = newest?.checkpoint.time ?? state.messages.at(-1)?.time
  return done({
    values,
    tasks: tasksOf(state),
    checkpoint: refOf(port.thread, newest?.checkpoint.checkpoint),
    metadata: state.agent === undefined ? {} : { graph_id: state.agent },
    created_at: time === undefined ? null : new Date(time).toISOString(),
    parent_checkpoint: newest?.checkpoint.parent ? refOf(port.thread, newest.checkpoint.parent) : null,
  })
}

/** Of a thread that nobody has begun. */
export function emptyThreadState(thread: string): ThreadState {
  const nothing = { values: {}, tasks: [], metadata: {}, created_at: null, parent_checkpoint: null }
  return { ...nothing, checkpoint: refOf(thread, undefined) }
}

/** @returns the state at one checkpoint of the thread's own agent. */
export async function stateAt(port: ThreadPort, checkpoint: string): Promise<Outcome<ThreadState>> {
  const held = await stateForMember(asContext(port), port.thread)
  if (!held.ok) return held
  const read = await port.run({ type: "checkpoint", conversation: port.thread, checkpoint })
  if (!read.ok) return read
  return done(past(port.thread, read.result.checkpoint, clientValues(held.result, read.result.values)))
}

export interface HistoryRange {
  readonly limit: number
  readonly before: string | undefined
}

/** Newest first. Values are given for as many as fit the limit of one state; the others are asked for one by one. */
export async function threadHistory(
  port: ThreadPort,
  { limit, before }: HistoryRange,
): Promise<Outcome<ThreadState[]>> {
  const held = await stateForMember(asContext(port), port.thread)
  if (!held.ok) return held
  const { checkpoints } = port.core
  const thread = ownThread(port, held.result)
  if (!checkpoints || !thread) return done([])
  const oldest = originOf(held.result, thread.agent)?.checkpoint
  const page = await checkpoints.list(thread, { before, oldest, max: limit })
  const states: ThreadState[] = []
  let charsLeft: number = limits.checkpointCharsMax
  for (const entry of page.checkpoints) {
    const read = charsLeft > 0 ? await checkpoints.read(thread, entry.checkpoint) : undefined
    charsLeft -= read ? JSON.stringify(read.values).length : 0
    states.push(past(port.thread, entry, charsLeft >= 0 ? clientValues(held.result, read?.values) : {}))
  }
  return done(states)
}

function past(thread: string, entry: CheckpointEntry, values: { readonly [channel: string]: Json }): ThreadState {
  const { checkpoint, parent, time, step, next, run } = entry
  return {
    values,
    next,
    tasks: [],
    checkpoint: refOf(thread, checkpoint),
    metadata: { step, ...(run === undefined ? {} : { run_id: run }) },
    created_at: new Date(time).toISOString(),
    parent_checkpoint: parent === undefined ? null : refOf(thread, parent),
  }
}

/** The newest one that there is, unless it is too large to be looked at, or none can be. */
async function newestCheckpoint({ core, ...port }: ThreadPort, state: ConversationState) {
  const thread = ownThread(port, state)
  if (!core.checkpoints || !thread) return undefined
  try {
    const [entry] = (await core.checkpoints.list(thread, { max: 1 })).checkpoints
    const read = entry && (await core.checkpoints.read(thread, entry.checkpoint))
    const isTooLarge = read && JSON.stringify(read.values).length > limits.checkpointCharsMax
    return isTooLarge ? { checkpoint: read.checkpoint, values: null } : read
  } catch (error) {
    core.logger.debug({ err: error, conversation: port.thread }, "a thread's state is shown without its checkpoint")
    return undefined
  }
}

function ownThread(
  { thread }: Pick<ThreadPort, "thread">,
  { agent, firstAgent }: ConversationState,
): AgentThread | undefined {
  return agent === undefined ? undefined : { conversation: thread, agent, firstAgent }
}

/** In a graph's own state people's messages have the log's ids. */
function clientValues(state: ConversationState, values: Json | undefined): { readonly [channel: string]: Json } {
  const fields = fieldsOf(values)
  const { messages } = fields
  if (!Array.isArray(messages)) return fields
  const ids = clientIds(state)
  return { ...fields, messages: messages.map((message) => withClientId(ids, message)) }
}

function withClientId(ids: ReadonlyMap<string, string>, message: Json): Json {
  const { id } = fieldsOf(message)
  const clientId = typeof id === "string" ? ids.get(id) : undefined
  return clientId === undefined ? message : { ...fieldsOf(message), id: clientId }
}

function fieldsOf(value: Json | undefined): Partial<Values> & { readonly [channel: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {}
}

function refOf(thread: string, checkpoint: string | undefined): CheckpointRef {
  return { thread_id: thread, checkpoint_ns: "", checkpoint_id: checkpoint ?? null }
}
