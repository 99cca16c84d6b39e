/** Reading a log from a cursor: its tail, or the reason why there is none. (SPEC LOG6, LIN1) */
import type { ArchivedMessage, Entry, PageMax, ReadResult, Repeated } from "@everthread/engine"
import { type Cursor, parseCursor, type Seq, startCursor } from "@everthread/protocol"
import { type ConversationRecord, cursorOf, type State } from "./state.ts"

export function read(state: State, conversation: string, after: Cursor, max: PageMax): ReadResult {
  const held = state.conversations.get(conversation)
  if (!held) return { status: "no-conversation" }
  const head = cursorOf(held.head)
  const seq = placeInLog(held, after)
  if (typeof seq === "number") return tail(held, after, seq, max)
  if (seq === "trimmed" && held.snapshot) return { status: "trimmed", snapshot: held.snapshot, head }
  return { status: "diverged", snapshot: held.snapshot, head }
}

/** @returns the cursor's seq if the log goes on from it entry by entry. */
function placeInLog(held: ConversationRecord, after: Cursor): Seq | "trimmed" | "diverged" {
  const parts = parseCursor(after)
  if (!parts || parts.seq > held.head.seq) return "diverged"
  if (parts.seq < held.trimmed.seq) return "trimmed"
  if (parts.seq === 0) return after === startCursor ? 0 : "diverged"
  return nonceAt(held, parts.seq) === parts.nonce ? parts.seq : "diverged"
}

/** The last trimmed entry is still known by its nonce, so that a reader who has it exactly can go on. */
export function nonceAt(held: ConversationRecord, seq: Seq): string | undefined {
  if (seq === held.trimmed.seq) return held.trimmed.nonce
  const entry = held.entries[seq - held.trimmed.seq - 1]
  return entry && parseCursor(entry.cursor)?.nonce
}

function tail(held: ConversationRecord, after: Cursor, seq: Seq, max: PageMax): ReadResult {
  const entries = page(held, seq, max)
  const cursor = entries.at(-1)?.cursor ?? after
  const more = seq + entries.length < held.head.seq
  return { status: "tail", prev: after, cursor, entries, head: cursorOf(held.head), more }
}

function page({ entries, trimmed }: ConversationRecord, after: Seq, { entriesMax, charsMax }: PageMax): Entry[] {
  const found: Entry[] = []
  let charsLeft = charsMax
  for (let at = after - trimmed.seq; at < entries.length && found.length < entriesMax; at++) {
    const entry = entries[at] as Entry
    charsLeft -= entry.body.length
    if (charsLeft < 0 && found.length > 0) break
    found.push(entry)
  }
  return found
}

export function headOf(state: State, conversation: string): Cursor | undefined {
  const held = state.conversations.get(conversation)
  return held && cursorOf(held.head)
}

export function repeated(state: State, conversation: string, key: string): Repeated | undefined {
  const known = state.conversations.get(conversation)?.keys.get(key)
  if (!known) return undefined
  const { digest, seq, ref } = known
  return { digest, cursor: cursorOf(known), seq, ...(ref === undefined ? {} : { ref }) }
}

/** What is archived with a seq from `first` to `last`, oldest first. (SPEC LOG8) */
export function archivedIn(state: State, conversation: string, first: Seq, last: Seq): ArchivedMessage[] {
  const archive = state.conversations.get(conversation)?.archive ?? new Map<Seq, string>()
  const found = [...archive].filter(([seq]) => seq >= first && seq <= last)
  return found.sort(([one], [other]) => one - other).map(([seq, body]) => ({ seq, body }))
}
