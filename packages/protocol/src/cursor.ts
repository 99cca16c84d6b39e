/**
 * A cursor is the id of a log entry: `<seq>-<nonce>`.
 *
 * `seq` counts the entries of one conversation densely from 1. `nonce` is random per append and
 * names the lineage: two histories that diverged share seqs but not nonces, so a cursor whose seq
 * is in the log while the cursor itself is not proves a rollback. (SPEC LOG2, LIN1)
 */

/** The position of an entry in its conversation's log: a whole number from 1, without holes. */
export type Seq = number

/** An entry's id as an opaque string. Clients keep it and hand it back; only the server reads it. */
export type Cursor = string

/** Where every log begins: before its first entry. */
export const startCursor: Cursor = "0-0"

/** Fifteen digits always fit a double exactly. */
export const cursorPattern = /^(0|[1-9]\d{0,14})-([0-9A-Za-z]{1,32})$/

export interface CursorParts {
  readonly seq: Seq
  readonly nonce: string
}

/** @returns the parts of a cursor, or `undefined` if the text is not one. */
export function parseCursor(text: string): CursorParts | undefined {
  const match = cursorPattern.exec(text)
  return match ? { seq: Number(match[1]), nonce: match[2] as string } : undefined
}

/** @returns the seq of a cursor that is known to be well formed. */
export function seqOf(cursor: Cursor): Seq {
  return Number(cursor.slice(0, cursor.indexOf("-")))
}

export function formatCursor(seq: Seq, nonce: string): Cursor {
  return `${seq}-${nonce}`
}
