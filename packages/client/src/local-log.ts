/**
 * What a device holds of one conversation: where it is, and what everything up to there adds up to.
 *
 * Pure. The whole consistency check is `frame.prev === cursor` (SPEC FRM1); what fails it is either
 * something we have already, or a gap, and a gap is never papered over: we ask again from where we are.
 */
import {
  type ConversationState,
  type Cursor,
  type DownFrameOf,
  emptyState,
  reduceAll,
  seqOf,
  startCursor,
} from "@everthread/protocol"

export interface LocalLog {
  /** Absent before the first snapshot: there is nothing to go on from. */
  readonly cursor: Cursor | undefined
  readonly state: ConversationState
}

export const emptyLog: LocalLog = { cursor: undefined, state: emptyState }

export type Followed =
  | { readonly outcome: "applied"; readonly log: LocalLog }
  /** It ends at or before where we are: a repeat of what another subscription delivered. */
  | { readonly outcome: "covered" }
  /** It does not connect to where we are. */
  | { readonly outcome: "gap" }

/** A log that has nothing yet is at the very beginning: a frame from there connects. */
function positionOf(log: LocalLog): Cursor {
  return log.cursor ?? startCursor
}

export function follow(log: LocalLog, frame: DownFrameOf<"events">): Followed {
  const at = positionOf(log)
  if (frame.prev === at) {
    return { outcome: "applied", log: { cursor: frame.cursor, state: reduceAll(log.state, frame.events) } }
  }
  if (frame.cursor === at || seqOf(frame.cursor) < seqOf(at)) return { outcome: "covered" }
  return { outcome: "gap" }
}

/** Forgets what was held; whatever the reason, a snapshot is the whole truth at its cursor. */
export function replace(snapshot: DownFrameOf<"snapshot">): LocalLog {
  return { cursor: snapshot.cursor, state: snapshot.state }
}

/** Whether everything up to this cursor is here; if not, what should have come before `upToDate` is missing. */
export function holds(log: LocalLog, cursor: Cursor): boolean {
  const at = positionOf(log)
  return at === cursor || seqOf(at) > seqOf(cursor)
}
