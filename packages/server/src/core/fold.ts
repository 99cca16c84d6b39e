/**
 * Folding a log into its state, page by page, from the newest snapshot on.
 *
 * Beside the state it collects the messages that fall out of the state's window on the way: between
 * two compactions they are in no snapshot and not yet in the archive. (SPEC LOG8, SNP1)
 */

import { type EventLog, pageMax, type Snapshot } from "@everthread/engine"
import {
  type ChatMessage,
  type ConversationState,
  type Cursor,
  emptyState,
  type LogEvent,
  reduce,
  type Seq,
  seqOf,
  startCursor,
} from "@everthread/protocol"

import { LogFrame } from "./log-frame.ts"

export interface Folded {
  readonly cursor: Cursor
  readonly state: ConversationState
  /** Messages that left the window since the snapshot, in the order in which they did. */
  readonly dropped: readonly ChatMessage[]
  /** Where words were last taken back since the snapshot; 0: nowhere. Up to there the log holds text that is to be gone. */
  readonly takenBackAt: Seq
}

/** The fold of nothing. */
export const emptyFold: Folded = { cursor: startCursor, state: emptyState, dropped: [], takenBackAt: 0 }

/** @returns the fold with one more event, and what that event pushed out of the window. */
function foldEvent(folded: Folded, cursor: Cursor, event: LogEvent): Folded {
  const state = reduce(folded.state, event)
  const out = pushedOut(folded.state, state)
  const dropped = out.length > 0 ? [...folded.dropped, ...out] : folded.dropped
  switch (event.type) {
    case "expired":
      return {
        cursor,
        state,
        dropped: dropped.filter((message) => !hasExpired(state, message)),
        takenBackAt: event.seq,
      }
    case "redaction":
      return { cursor, state, dropped, takenBackAt: event.seq }
    default:
      return { ...folded, cursor, state, dropped }
  }
}

/** Whether retention has taken it: such a message is shown only where the state still holds it, for an open run. */
export function hasExpired({ expiredUpTo = 0 }: ConversationState, { seq }: Pick<ChatMessage, "seq">): boolean {
  return seq <= expiredUpTo
}

/** @returns the fold with a frame that follows it; the frame learns the states that it lies between. */
export function foldFrame(folded: Folded, frame: LogFrame): Folded {
  frame.before = folded.state
  const after = frame.entries.reduce((sum, entry) => foldEvent(sum, entry.cursor, entry.event), folded)
  frame.after = after.state
  return after
}

/**
 * Only adding a message pushes others out; a rewind takes messages back, and those are gone for good. So is what had
 * expired and was held for a run that no longer needs it.
 */
function pushedOut(before: ConversationState, after: ConversationState): readonly ChatMessage[] {
  const isAdded = after.messageCount > before.messageCount
  if (!isAdded || after.messages.length > before.messages.length) return []
  const kept = new Set(after.messages)
  return before.messages.filter((message) => !kept.has(message) && !hasExpired(after, message))
}

/**
 * Reads and folds everything up to the head.
 *
 * @returns the fold at the head, or `undefined` when the conversation does not exist.
 */
export async function foldLog(log: EventLog, conversation: string): Promise<Folded | undefined> {
  const snapshot = await log.snapshot(conversation)
  let folded = snapshot ? parseSnapshot(snapshot) : emptyFold
  for (;;) {
    const page = await log.read(conversation, folded.cursor, pageMax)
    switch (page.status) {
      case "no-conversation":
        return undefined
      case "trimmed":
      case "diverged":
        // What was folded so far is not this history's any more; the snapshot is.
        folded = page.snapshot ? parseSnapshot(page.snapshot) : emptyFold
        break
      case "tail":
        folded = foldFrame(folded, LogFrame.of(page.prev, page.entries))
        if (!page.more) return folded
    }
  }
}

/**
 * Folds up to a cursor: the state that a device at this cursor has.
 *
 * @returns `undefined` when that cannot be known any more: what led there is trimmed, or it is not in this history.
 */
export async function foldUntil(
  log: EventLog,
  conversation: string,
  cursor: Cursor,
): Promise<ConversationState | undefined> {
  const snapshot = await log.snapshot(conversation)
  let folded = snapshot && seqOf(snapshot.cursor) <= seqOf(cursor) ? parseSnapshot(snapshot) : emptyFold
  while (folded.cursor !== cursor) {
    const entriesMax = Math.min(seqOf(cursor) - seqOf(folded.cursor), pageMax.entriesMax)
    const page = await log.read(conversation, folded.cursor, { ...pageMax, entriesMax })
    if (page.status !== "tail" || page.entries.length === 0) return undefined
    folded = foldFrame(folded, LogFrame.of(page.prev, page.entries))
  }
  return folded.state
}

function parseSnapshot(snapshot: Snapshot): Folded {
  return { ...emptyFold, cursor: snapshot.cursor, state: JSON.parse(snapshot.state) as ConversationState }
}
