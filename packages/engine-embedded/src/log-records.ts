/** Entries as they are stored: the nonce, a space, the body. The seq is in the key. */
import type { Entry, PageMax } from "@everthread/engine"
import { formatCursor, type Seq } from "@everthread/protocol"
import type { Head, Place } from "./head.ts"
import { logKey } from "./keys.ts"
import type { Tables } from "./tables.ts"

/** Writes the bodies behind `after`. @returns them as entries, in order. */
export function putEntries(
  tables: Tables,
  conversation: string,
  after: Place,
  nonce: string,
  bodies: readonly string[],
): Entry[] {
  return bodies.map((body, index) => {
    const seq = after.seq + 1 + index
    tables.records.put(logKey(conversation, seq), `${nonce} ${body}`)
    return { seq, cursor: formatCursor(seq, nonce), body }
  })
}

/** @returns the entries from `first` on, as many as `max` allows, and one at least. Those beyond it are not read. */
export function getEntries(tables: Tables, conversation: string, first: Seq, max: PageMax): Entry[] {
  const range = { start: logKey(conversation, first), end: logKey(conversation, first + max.entriesMax) }
  const entries: Entry[] = []
  let charsLeft = max.charsMax
  for (const { key, value } of tables.records.getRange(range)) {
    const entry = entryOf(Number(key[2]), value)
    charsLeft -= entry.body.length
    if (charsLeft < 0 && entries.length > 0) break
    entries.push(entry)
  }
  return entries
}

function entryOf(seq: Seq, value: string): Entry {
  const space = value.indexOf(" ")
  return { seq, cursor: formatCursor(seq, value.slice(0, space)), body: value.slice(space + 1) }
}

/**
 * @returns the nonce that the log has at `seq`; `undefined` where it has no entry, or no longer knows.
 * The last trimmed entry is still known by its nonce, so that a reader who has it exactly can go on.
 */
export function nonceAt(tables: Tables, conversation: string, head: Head, seq: Seq): string | undefined {
  if (seq === head.trimmed.seq) return head.trimmed.nonce
  const value = tables.records.get(logKey(conversation, seq))
  return value?.slice(0, value.indexOf(" "))
}
