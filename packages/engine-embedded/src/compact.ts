/** Compaction: a snapshot, what left its window, and the entries it makes superfluous, in one step; and cutting the archive. (SPEC SNP2, LOG8) */
import type { CompactRequest } from "@everthread/engine"
import { type Cursor, parseCursor, type Seq, seqOf } from "@everthread/protocol"
import { getHead, type Head, putHead } from "./head.ts"
import { archiveKey, logKey, snapshotKey } from "./keys.ts"
import { nonceAt } from "./log-records.ts"
import { archiveRange, getSnapshot } from "./read.ts"
import type { Tables } from "./tables.ts"

/** @returns whether it was taken. */
export function compact(tables: Tables, request: CompactRequest): boolean {
  const { conversation, snapshot, archive, trimThrough } = request
  const head = getHead(tables, conversation)
  const stored = getSnapshot(tables, conversation)
  if (!head || !isInLog(tables, conversation, head, snapshot.cursor)) return false
  const seq = seqOf(snapshot.cursor)
  if (stored && seqOf(stored.cursor) > seq) return false
  tables.records.put(snapshotKey(conversation), `${snapshot.cursor} ${snapshot.state}`)
  for (const message of archive) {
    if (message.body === null) tables.records.remove(archiveKey(conversation, message.seq))
    else tables.records.put(archiveKey(conversation, message.seq), message.body)
  }
  trim(tables, conversation, head, Math.min(trimThrough, seq))
  return true
}

function isInLog(tables: Tables, conversation: string, head: Head, cursor: Cursor): boolean {
  const parts = parseCursor(cursor)
  return parts !== undefined && parts.seq > 0 && nonceAt(tables, conversation, head, parts.seq) === parts.nonce
}

function trim(tables: Tables, conversation: string, head: Head, through: Seq): void {
  const nonce = nonceAt(tables, conversation, head, through)
  if (through <= head.trimmed.seq || nonce === undefined) return
  for (let seq = head.trimmed.seq + 1; seq <= through; seq++) tables.records.remove(logKey(conversation, seq))
  putHead(tables, conversation, { ...head, trimmed: { seq: through, nonce } })
}

/** Removes the oldest `max` archived messages up to a seq. @returns how many there were. */
export function cutArchive(tables: Tables, conversation: string, upTo: Seq, max: number): number {
  const keys = [...tables.records.getKeys({ ...archiveRange(conversation, 0, upTo), limit: max })]
  for (const key of keys) tables.records.remove(key)
  return keys.length
}
