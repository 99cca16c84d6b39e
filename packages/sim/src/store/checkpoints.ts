/** What graphs keep, beside the log and under its fence: written in the step of an append, or not at all. (SPEC RUN8) */
import type { AppendRequest, AppendResult } from "@everthread/engine"
import { append, type Outcome } from "./append.ts"
import { type CheckpointRecord, isSameFence, type State } from "./state.ts"

export interface CheckpointWrite {
  readonly thread: string
  readonly checkpoint: CheckpointRecord
}

/**
 * Without bodies nothing is appended: only the checkpoint is stored. Writing again what was written changes nothing; what
 * does not follow the newest one is of an owner that knows of something else than the store.
 */
export function appendWith(state: State, request: AppendRequest, write: CheckpointWrite): Outcome<AppendResult> {
  const { conversation, fence, bodies, n } = request
  const held = state.conversations.get(conversation)
  if (!fence || !isSameFence(held?.owner?.fence, fence) || !follows(state, write)) return fenced
  // A store that went back still knows the owner, and not what it has said.
  if (bodies.length === 0 && n !== undefined && n !== held?.n) return fenced
  const outcome: Outcome<Pick<AppendResult, "status">> =
    bodies.length > 0 ? append(state, request) : { result: { status: "duplicate" } }
  const { status } = outcome.result
  if (status === "appended" || status === "duplicate") put(state, conversation, fence, write)
  return outcome as Outcome<AppendResult>
}

const fenced: Outcome<AppendResult> = { result: { status: "fenced" } }

function follows(state: State, { thread, checkpoint }: CheckpointWrite): boolean {
  const newest = newestCheckpoint(state, thread)
  return newest?.id === checkpoint.parent || newest?.id === checkpoint.id
}

function put(
  state: State,
  conversation: string,
  fence: NonNullable<AppendRequest["fence"]>,
  { thread, checkpoint }: CheckpointWrite,
): void {
  const kept = state.checkpoints.get(thread) ?? []
  if (kept.some(({ id }) => id === checkpoint.id)) return
  kept.push(checkpoint)
  state.checkpoints.set(thread, kept)
  const { id, parent, root } = checkpoint
  state.deeds.push({ type: "checkpoint", conversation, fence, thread, id, parent, isRoot: root === id })
}

export function newestCheckpoint({ checkpoints }: State, thread: string): CheckpointRecord | undefined {
  return checkpoints.get(thread)?.at(-1)
}
