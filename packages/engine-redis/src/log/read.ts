/** Reading: a log's tail or the reason why there is none, snapshots, single values. (SPEC LOG6, LIN1) */
import type { CompactRequest, Entry, PageMax, ReadResult, Repeated, Snapshot } from "@everthread/engine"
import { type Cursor, parseCursor, seqOf, startCursor } from "@everthread/protocol"
import { fieldOfKey, type Keys } from "../keys.ts"
import { scripts } from "../script.ts"
import type { Store } from "../store.ts"
import { holds, type KeyPeriods, periodsOf } from "./append.ts"

/** The part of an id after the dash is a number of 64 bits: other text is of no history that this store has. */
const nonceDigits = /^\d{1,19}$/

export async function readLog(
  store: Store,
  keys: Keys,
  conversation: string,
  after: Cursor,
  max: PageMax,
): Promise<ReadResult> {
  const parts = parseCursor(after)
  const nonce = parts && nonceDigits.test(parts.nonce) ? parts.nonce : ""
  const meta = keys.meta(conversation)
  const { list } = await store.run({
    script: scripts.read,
    partition: keys.partitionOf(conversation),
    keys: [keys.log(conversation), meta],
    answersFor: meta,
    args: [parts ? String(parts.seq) : "", nonce, String(max.entriesMax), String(Math.min(max.charsMax, 2 ** 50))],
  })
  const [status, head, ...rest] = list as string[]
  if (head === undefined || status === "n") return { status: "no-conversation" }
  const read = status === "t" ? tailOf(after, head, rest) : await withoutTail(store, keys, conversation, status === "s")
  if (!leadsOn(read, after)) throw new Error(damaged(keys.log(conversation), after))
  return read
}

/**
 * A log without holes leads on from everywhere: to the next entry, or to a snapshot that is in it. Otherwise somebody
 * has taken entries away, and a reader who was told to go on from there would ask the same again and again.
 */
function leadsOn(read: ReadResult, after: Cursor): boolean {
  if (read.status === "tail") return (read.entries[0]?.seq ?? seqOf(after) + 1) === seqOf(after) + 1 && advances(read)
  return read.status !== "diverged" || (read.snapshot?.cursor ?? startCursor) !== after
}

const advances = ({ more, entries }: Extract<ReadResult, { status: "tail" }>): boolean => !more || entries.length > 0

const damaged = (key: string, after: Cursor) =>
  `The log in Redis is damaged: ${JSON.stringify(key)} lacks what follows ${after}. Was the key removed?`

function tailOf(prev: Cursor, head: Cursor, pairs: readonly string[]): ReadResult {
  const entries: Entry[] = []
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const [cursor = "", body = ""] = pairs.slice(at, at + 2)
    entries.push({ cursor, seq: seqOf(cursor), body })
  }
  const cursor = entries.at(-1)?.cursor ?? prev
  return { status: "tail", prev, cursor, entries, head, more: cursor !== head }
}

/** Asked again, because what there is instead of a tail has to be of one moment with the head that is told. */
async function withoutTail(store: Store, keys: Keys, conversation: string, isTrimmed: boolean): Promise<ReadResult> {
  const found = await snapshotAndHead(store, keys, conversation)
  if (found.head === undefined) return { status: "no-conversation" }
  // What was trimmed is in the snapshot, always: the two are written in one step.
  if (isTrimmed && found.snapshot) return { status: "trimmed", snapshot: found.snapshot, head: found.head }
  return { status: "diverged", snapshot: found.snapshot, head: found.head }
}

export async function snapshotAndHead(store: Store, keys: Keys, conversation: string) {
  const { list } = await store.run({
    script: scripts.snapshot,
    partition: keys.partitionOf(conversation),
    keys: [keys.meta(conversation), keys.snapshot(conversation)],
    args: [],
  })
  const [head, stored] = list as string[]
  return { head: head || undefined, snapshot: stored ? snapshotOf(stored) : undefined }
}

function snapshotOf(stored: string): Snapshot {
  const space = stored.indexOf(" ")
  return { cursor: stored.slice(0, space), state: stored.slice(space + 1) }
}

/** Some fields of a conversation's hash, `null` where there is none. */
export async function metaFields(store: Store, keys: Keys, conversation: string, fields: readonly string[]) {
  return fieldsOf(store, keys.partitionOf(conversation), keys.meta(conversation), fields)
}

async function fieldsOf(store: Store, partition: number, key: string, fields: readonly string[]) {
  const { list } = await store.run({ script: scripts.fields, partition, keys: [key], args: fields })
  return list as (string | null)[]
}

/** What the owner's text and the head look like beside each other: `7:nonce:42 381-1234567890123456 380-…`. */
export const headOf = (state: string | null | undefined): Cursor | undefined => state?.split(" ")[1]

export async function repeated(
  store: Store,
  keys: Keys,
  periods: KeyPeriods,
  conversation: string,
  key: string,
): Promise<Repeated | undefined> {
  const partition = keys.partitionOf(conversation)
  const [record] = await fieldsOf(store, partition, keys.idempotency(conversation), [fieldOfKey(key)])
  const [period = "", cursor = "", digest = "", ref = ""] = record?.split(" ") ?? []
  if (!holds(period, periodsOf(periods))) return undefined
  return { digest, cursor, seq: seqOf(cursor), ...(ref === "" ? {} : { ref }) }
}

export async function compact(
  store: Store,
  keys: Keys,
  periods: KeyPeriods,
  request: CompactRequest,
): Promise<boolean> {
  store.assertOpen()
  const { conversation, snapshot, archive, trimThrough } = request
  const parts = parseCursor(snapshot.cursor)
  if (!parts || !nonceDigits.test(parts.nonce)) return false
  const partition = keys.partitionOf(conversation)
  const meta = keys.meta(conversation)
  const { list } = await store.run({
    script: scripts.compact,
    partition,
    keys: [keys.log(conversation), meta, keys.snapshot(conversation), keys.archive(conversation)],
    answersFor: meta,
    args: [
      String(parts.seq),
      parts.nonce,
      snapshot.state,
      String(trimThrough),
      ...archive.flatMap(({ seq, body }) => [String(seq), body ?? ""]),
    ],
  })
  const taken = list[0] === 1
  if (taken) await sweepKeys(store, keys, periods, conversation)
  return taken
}

/** Old idempotency keys go when a log is compacted: a conversation that grows gets them swept, one that rests expires. */
async function sweepKeys(store: Store, keys: Keys, periods: KeyPeriods, conversation: string): Promise<void> {
  const { oldest } = periodsOf(periods)
  const partition = keys.partitionOf(conversation)
  let from = "0"
  do {
    const call = { script: scripts.sweepKeys, partition, args: [from, oldest] }
    const { list } = await store.run({ ...call, keys: [keys.idempotency(conversation)] })
    from = String(list[0] ?? "0")
  } while (from !== "0")
}
