/** Reading a log from a cursor: its tail, or the reason why there is none. All from one moment. (SPEC LOG6, LIN1) */
import type { ArchivedMessage, PageMax, ReadResult, Snapshot } from "@everthread/engine"
import { type Cursor, parseCursor, type Seq, startCursor } from "@everthread/protocol"
import { cursorOf, getHead, type Head } from "./head.ts"
import { archiveKey, snapshotKey } from "./keys.ts"
import { getEntries, nonceAt } from "./log-records.ts"
import type { Tables } from "./tables.ts"

export function readLog(tables: Tables, conversation: string, after: Cursor, max: PageMax): ReadResult {
  const head = getHead(tables, conversation)
  if (!head) return { status: "no-conversation" }
  const seq = placeInLog(tables, conversation, head, after)
  if (typeof seq === "number") return tail(tables, conversation, head, after, seq, max)
  const snapshot = getSnapshot(tables, conversation)
  // What was trimmed is in the snapshot, always: the two are written in one step.
  if (seq === "trimmed" && snapshot) return { status: "trimmed", snapshot, head: cursorOf(head) }
  return { status: "diverged", snapshot, head: cursorOf(head) }
}

/** @returns the cursor's seq if the log goes on from it entry by entry. */
function placeInLog(tables: Tables, conversation: string, head: Head, after: Cursor): Seq | "trimmed" | "diverged" {
  const parts = parseCursor(after)
  if (!parts || parts.seq > head.seq) return "diverged"
  if (parts.seq < head.trimmed.seq) return "trimmed"
  if (parts.seq === 0) return after === startCursor ? 0 : "diverged"
  return nonceAt(tables, conversation, head, parts.seq) === parts.nonce ? parts.seq : "diverged"
}

function tail(tables: Tables, conversation: string, head: Head, after: Cursor, seq: Seq, max: PageMax): ReadResult {
  const entries = getEntries(tables, conversation, seq + 1, max)
  const cursor = entries.at(-1)?.cursor ?? after
  const more = seq + entries.length < head.seq
  return { status: "tail", prev: after, cursor, entries, head: cursorOf(head), more }
}

/** Stored as the cursor, a space, the state. */
export function getSnapshot(tables: Tables, conversation: string): Snapshot | undefined {
  const value = tables.records.get(snapshotKey(conversation))
  if (value === undefined) return undefined
  const space = value.indexOf(" ")
  return { cursor: value.slice(0, space), state: value.slice(space + 1) }
}

/** The newest `max` archived messages below `before`, oldest first. (SPEC LOG8) */
export function readArchive(tables: Tables, conversation: string, before: Seq, max: number): ArchivedMessage[] {
  const found = tables.records.getRange({
    start: archiveKey(conversation, before),
    end: archiveKey(conversation, 0),
    exclusiveStart: true,
    reverse: true,
    limit: max,
  })
  return [...found].map(({ key, value }) => ({ seq: Number(key[2]), body: value })).reverse()
}

/** The oldest `max` archived messages above `after`, oldest first. */
export function readArchiveAfter(tables: Tables, conversation: string, after: Seq, max: number): ArchivedMessage[] {
  const found = tables.records.getRange({ ...archiveRange(conversation, after + 1), limit: max })
  return [...found].map(({ key, value }) => ({ seq: Number(key[2]), body: value }))
}

export function countArchive(tables: Tables, conversation: string): number {
  return tables.records.getKeysCount(archiveRange(conversation, 0))
}

/** The keys of what is archived from `first` up to and including `last`. */
export function archiveRange(conversation: string, first: Seq, last: Seq = Number.MAX_SAFE_INTEGER - 1) {
  return { start: archiveKey(conversation, first), end: archiveKey(conversation, last + 1) }
}
