/** Compaction: a snapshot, what left its window, and the entries that it makes superfluous, in one step. (SPEC SNP2) */
import type { CompactRequest } from "@everthread/engine"
import { parseCursor, type Seq, seqOf } from "@everthread/protocol"
import { archivedIn, nonceAt } from "./read.ts"
import type { ConversationRecord, State } from "./state.ts"

/** @returns whether it was taken. */
export function compact(state: State, request: CompactRequest): boolean {
  const { conversation, snapshot, archive, trimThrough } = request
  const held = state.conversations.get(conversation)
  const parts = parseCursor(snapshot.cursor)
  if (!held || !parts || parts.seq === 0 || nonceAt(held, parts.seq) !== parts.nonce) return false
  if (held.snapshot && seqOf(held.snapshot.cursor) > parts.seq) return false
  held.snapshot = snapshot
  for (const { seq, body } of archive) {
    if (body === null) held.archive.delete(seq)
    else held.archive.set(seq, body)
  }
  trim(held, Math.min(trimThrough, parts.seq))
  return true
}

function trim(held: ConversationRecord, through: Seq): void {
  const nonce = nonceAt(held, through)
  if (through <= held.trimmed.seq || nonce === undefined) return
  held.gone.push(...held.entries.splice(0, through - held.trimmed.seq))
  held.trimmed = { seq: through, nonce }
}

/** Removes the oldest `max` archived messages up to a seq. @returns how many there were. */
export function cutArchive(state: State, conversation: string, upTo: Seq, max: number): number {
  const cut = archivedIn(state, conversation, 0, upTo).slice(0, max)
  for (const { seq } of cut) state.conversations.get(conversation)?.archive.delete(seq)
  return cut.length
}
