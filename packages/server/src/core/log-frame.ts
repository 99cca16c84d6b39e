/**
 * A frame as the server holds it: entries with their stored text, parsed only when somebody looks
 * inside, and encoded once for each wire protocol. (SPEC DLV1)
 */

import type { Entry } from "@everthread/engine"
import {
  type ConversationState,
  type Cursor,
  continues,
  joinDeltas,
  type LogEvent,
  nextCursor,
  reduce,
  type Seq,
} from "@everthread/protocol"

/** One entry on its way to devices. */
export class FrameEntry {
  readonly cursor: Cursor
  readonly seq: Seq
  /** The event's JSON text as stored, without its seq. */
  readonly body: string
  #event: LogEvent | undefined

  constructor(entry: Entry, event?: LogEvent) {
    this.cursor = entry.cursor
    this.seq = entry.seq
    this.body = entry.body
    this.#event = event
  }

  get event(): LogEvent {
    this.#event ??= Object.assign(JSON.parse(this.body), { seq: this.seq }) as LogEvent
    return this.#event
  }
}

/** Turns a frame into the bytes of one wire protocol; `undefined` where it has nothing to say. It throws where it cannot. */
export interface Encoder {
  encode(conversation: string, frame: LogFrame): Uint8Array | undefined
}

/** What came of it for one encoder, and for others. Nearly always there is one: a map for each frame was a cost. */
type Encoded = { readonly encoder: Encoder; readonly other: Encoded | undefined } & (
  | { readonly bytes: Uint8Array | undefined }
  | { readonly failure: unknown }
)

/**
 * Entries that cover the half-open range `(prev, cursor]` of one log. What it covers never changes; what is known about
 * it is added by whoever folds or delivers it first, before anybody else sees it.
 */
export class LogFrame {
  readonly prev: Cursor
  readonly cursor: Cursor
  readonly entries: readonly FrameEntry[]
  /** How many characters of bodies it holds: what the hub's ring is bounded by. */
  readonly bodyChars: number
  /** The state at `prev`, where whoever delivers this knows it: some protocols cannot be written without. */
  before: ConversationState | undefined
  /** What this node calls the conversation on the wire, where it is told live: what lean frames go by. */
  alias: number | undefined
  /** The text, where the frame says no more than that the delta before it goes on. */
  lean: string | undefined
  #after: ConversationState | undefined
  #removals: readonly number[] | undefined
  #encoded: Encoded | undefined

  constructor(prev: Cursor, cursor: Cursor, entries: readonly FrameEntry[]) {
    this.prev = prev
    this.cursor = cursor
    this.entries = entries
    this.bodyChars = entries.reduce((sum, entry) => sum + entry.body.length, 0)
  }

  static of(prev: Cursor, entries: readonly Entry[]): LogFrame {
    return new LogFrame(
      prev,
      entries.at(-1)?.cursor ?? prev,
      entries.map((entry) => new FrameEntry(entry)),
    )
  }

  /** @returns one frame over the range of adjacent ones, with every entry as it is. */
  static joined(frames: readonly [LogFrame, ...LogFrame[]]): LogFrame {
    const last = frames.at(-1) ?? frames[0]
    const entries = frames.flatMap((frame) => frame.entries)
    const joined = new LogFrame(frames[0].prev, last.cursor, entries)
    joined.before = frames[0].before
    joined.alias = last.alias
    return joined
  }

  /** The state at `cursor`, where the one at `prev` is known. Whoever folds the frame says it; a piece of one works it out. */
  get after(): ConversationState | undefined {
    if (!this.before) return undefined
    this.#after ??= this.entries.reduce((state, { event }) => reduce(state, event), this.before)
    return this.#after
  }

  set after(state: ConversationState) {
    this.#after = state
  }

  /** Where in `entries` members were removed: looked for once, however many devices get it. */
  get removals(): readonly number[] {
    this.#removals ??= this.entries.flatMap(({ body }, index) => (saysRemoved(body) ? [index] : []))
    return this.#removals
  }

  /** @returns where in `entries` the user is removed; -1: nowhere. */
  removalOf(user: string): number {
    // Nearly always there is none, and every device asks.
    if (this.removals.length === 0) return -1
    return this.removals.find((index) => removedBy(this.entries[index]) === user) ?? -1
  }

  /** Whether its last event is more text. */
  get endsInDelta(): boolean {
    const last = this.entries.at(-1)
    return last !== undefined && mayBeDelta(last)
  }

  /** Finds out whether it only goes on from the frame before it. To be called before it is delivered to anybody. */
  follow(before: LogFrame | undefined): void {
    const [entry, ...more] = this.entries
    const last = before?.entries.at(-1)
    if (!entry || !last || more.length > 0 || !mayBeDelta(entry) || !mayBeDelta(last)) return
    const [delta, ended] = [entry.event, last.event]
    if (delta.type !== "delta" || ended.type !== "delta" || !continues(ended, delta)) return
    if (entry.cursor === nextCursor(last.cursor)) this.lean = delta.text
  }

  /** @returns its first `count` entries, or itself where there are no more. */
  first(count: number): LogFrame {
    const entries = this.entries.slice(0, count)
    const last = entries.at(-1)
    if (!last || entries.length === this.entries.length) return this
    const piece = new LogFrame(this.prev, last.cursor, entries)
    piece.before = this.before
    piece.alias = this.alias
    return piece
  }

  /** The bytes for one wire protocol, made at most once however many connections ask; so is a failure. */
  bytes(conversation: string, encoder: Encoder): Uint8Array | undefined {
    let encoded = this.#encoded
    while (encoded && encoded.encoder !== encoder) encoded = encoded.other
    encoded ??= this.#encode(conversation, encoder)
    if ("failure" in encoded) throw encoded.failure
    return encoded.bytes
  }

  #encode(conversation: string, encoder: Encoder): Encoded {
    const known = { encoder, other: this.#encoded }
    try {
      this.#encoded = { ...known, bytes: encoder.encode(conversation, this) }
    } catch (failure) {
      this.#encoded = { ...known, failure }
    }
    return this.#encoded
  }
}

/**
 * @param frames adjacent frames of one log.
 * @returns one frame over their range, neighbouring deltas joined: what a slow device gets. (SPEC FRM3)
 */
export function joinLogFrames(frames: readonly [LogFrame, ...LogFrame[]]): LogFrame {
  const entries: FrameEntry[] = []
  for (const entry of frames.flatMap((frame) => frame.entries)) {
    const last = entries.at(-1)
    const joined = last && joinEntries(last, entry)
    if (joined) entries[entries.length - 1] = joined
    else entries.push(entry)
  }
  const joined = new LogFrame(frames[0].prev, (frames.at(-1) as LogFrame).cursor, entries)
  joined.before = frames[0].before
  joined.alias = frames.at(-1)?.alias
  return joined
}

function joinEntries(first: FrameEntry, second: FrameEntry): FrameEntry | undefined {
  if (!mayBeDelta(first) || !mayBeDelta(second)) return undefined
  if (first.event.type !== "delta" || second.event.type !== "delta") return undefined
  const event = joinDeltas(first.event, second.event)
  if (!event) return undefined
  const { seq, ...body } = event
  return new FrameEntry({ cursor: second.cursor, seq, body: JSON.stringify(body) }, event)
}

/** @returns the user that the entry removes. */
function removedBy(entry: FrameEntry | undefined): string | undefined {
  return entry?.event.type === "member.removed" ? entry.event.user : undefined
}

/** A cheap look, so that nothing is parsed for it: events are stored with their type first. */
function saysRemoved(body: string): boolean {
  return body.startsWith('{"type":"member.removed"')
}

/** A cheap look, so that what cannot be joined is not parsed for it. A wrong no costs a join and nothing else. */
function mayBeDelta({ body }: FrameEntry): boolean {
  return body.startsWith('{"type":"delta"')
}
