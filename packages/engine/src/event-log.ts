/**
 * The port of the event log: one ordered, durable log for each conversation.
 *
 * Promises every implementation keeps (the contract suite proves them):
 * - An entry's seq is the one after the head's, dense from 1. (SPEC LOG1)
 * - `append` is one atomic step: every check, every entry and every side fact, or nothing. (SPEC LOG3)
 * - It resolves only when the entries are as durable as the engine is configured to make them. (SPEC ACK1)
 * - Listeners of a conversation are told of an append after it is durable, in order, once; where a store cannot
 *   promise that it reaches them, they are told that they may have missed something. (SPEC LOG5)
 * - `read` sees the range and the head at one moment. (SPEC LOG6)
 * - Appending to a conversation that does not exist is refused, never a new log. (SPEC LOG4)
 *
 * Failures of the store itself are thrown as `EngineError`; everything that depends on what the log
 * holds is a result, because the caller must decide.
 */
import type { Cursor, EventBody, Random, Role, Seq } from "@everthread/protocol"

/** An entry as it is stored. The body is one event's JSON text, on one line: engines do not look inside. */
export interface Entry {
  readonly cursor: Cursor
  readonly seq: Seq
  readonly body: string
}

/**
 * Who may write a run's output. `number` only rises within a conversation; `nonce` is of the claim,
 * because a store that rolled back can hand the same number out twice.
 */
export interface Fence {
  readonly number: number
  readonly nonce: string
}

/** Which agent a run is for, and who asked. */
export interface RunAbout {
  readonly agent: string
  readonly user: string
}

/** Runs that want a worker, as part of an append. See `Leases.openRuns`. */
export interface RunChange {
  readonly run: string
  /** `open`: some worker has to look at it, from now on. `done`: nobody has, any more. */
  readonly state: "open" | "done"
  /** With `open`: what it is, for whoever chooses among many without reading each one's log. */
  readonly about?: RunAbout
}

export interface MemberChange {
  readonly user: string
  /** `null` removes the member. */
  readonly role: Role | null
}

/** A small named value beside the log, compared and set in the append's own step. */
export interface Expectation {
  readonly name: string
  /** What it has to be; `null`: not set yet. */
  readonly is: string | null
  /** What it becomes, where it differs from what it was. */
  readonly becomes: string | null
}

export interface AppendRequest {
  readonly conversation: string
  /**
   * The lineage part of the new cursors, fresh for each append: see `freshNonce`. A request that is repeated because its
   * answer was lost takes another one, the engine's own repeats as well: where the first one went down with its server,
   * the repeat may come to the same place behind other entries, and must not be taken for what others saw there. So
   * the cursors of an append are those of its result. A repeat of what is stored is told so, as `duplicate`.
   */
  readonly nonce: string
  /** At least one, each on one line. They get consecutive seqs. */
  readonly bodies: readonly string[]
  /** Refuse unless this user is a member at that moment. */
  readonly member?: string
  /** A send: a repeat of the key is answered with the first one's place and appends nothing. */
  readonly idempotency?: {
    /** Unique in the conversation; the caller scopes it by user and device. */
    readonly key: string
    /** Of the body: the same key with another digest is refused. */
    readonly digest: string
    /** Kept, and given back to repeats: the id of what was made. */
    readonly ref?: string
  }
  /** Run output: refuse unless this is the conversation's current fence. */
  readonly fence?: Fence
  /**
   * With `fence`: how many appends under this fence came before this one, from 0. A repeat of the one
   * before is answered with its place; anything else is refused. So each waits for the answer to the one before: of several
   * that are under way one that has to be repeated comes late, and is refused. Without it any number may have come
   * before, and a repeat is not known for one.
   */
  readonly n?: number
  /** With `fence` and `n`: gives the conversation up behind this append, in its step. A repeat of it is still known for one. */
  readonly release?: boolean
  readonly expect?: Expectation
  /** Where the log stood when this was decided: refuse if it has moved on since by more than `grownMax` entries. */
  readonly after?: Cursor
  /** With `after`: by how many entries the log may have grown. Without it by none, and its head is that very cursor. */
  readonly grownMax?: number
  readonly members?: readonly MemberChange[]
  readonly runs?: readonly RunChange[]
}

export type AppendResult =
  /** `cursor` and `seq` are those of the last entry; `first` is the first one's seq. `prev` is what they follow. */
  | {
      readonly status: "appended"
      readonly prev: Cursor
      readonly cursor: Cursor
      readonly first: Seq
      readonly seq: Seq
    }
  /** Nothing was appended: this is where the first of these stands. */
  | { readonly status: "duplicate"; readonly cursor: Cursor; readonly seq: Seq; readonly ref?: string }
  | { readonly status: "key-reused" }
  /** The fence is not the current one, or `n` is not the next. */
  | { readonly status: "fenced" }
  /** The named value is `actual`, not what was expected. */
  | { readonly status: "unexpected"; readonly actual: string | null }
  /** What the log holds is not what it held at `after`: this is its head. */
  | { readonly status: "moved"; readonly head: Cursor }
  | { readonly status: "not-member" }
  | { readonly status: "no-conversation" }

/** What the log remembers of an idempotency key. */
export interface Repeated {
  readonly digest: string
  readonly cursor: Cursor
  readonly seq: Seq
  readonly ref?: string
}

/** A conversation that begins: its log, its first entries and its first members in one step. */
export interface CreateRequest {
  readonly conversation: string
  readonly nonce: string
  readonly bodies: readonly string[]
  readonly members: readonly MemberChange[]
  /** Named values beside the log from its beginning, such as what a list of conversations shows. */
  readonly values?: Readonly<Record<string, string>>
  readonly idempotency?: AppendRequest["idempotency"]
}

export type CreateResult =
  | { readonly status: "created"; readonly cursor: Cursor; readonly seq: Seq }
  | { readonly status: "duplicate"; readonly cursor: Cursor; readonly seq: Seq; readonly ref?: string }
  /** Also where the key was reused with another body: the conversation exists. */
  | { readonly status: "exists" }

export interface Snapshot {
  /** The last entry that went in. */
  readonly cursor: Cursor
  /** The reduced state as JSON text. */
  readonly state: string
}

/** How much one read gives at most; whichever bound is reached first ends it. */
export interface PageMax {
  readonly entriesMax: number
  /** Of the bodies together. The first entry is given however long it is, so that a reader always gets on. */
  readonly charsMax: number
}

/** For whoever reads a log from end to end: what a page costs in memory, and what it costs to ask for one, in balance. */
export const pageMax: PageMax = { entriesMax: 512, charsMax: 262_144 }

export type ReadResult =
  /** Everything in `(prev, head]`, or its beginning where `more`. `cursor` is the last entry's, or `prev`. */
  | {
      readonly status: "tail"
      readonly prev: Cursor
      readonly cursor: Cursor
      readonly entries: readonly Entry[]
      readonly head: Cursor
      readonly more: boolean
    }
  /** The cursor is older than what is kept entry by entry: go on from the snapshot. */
  | { readonly status: "trimmed"; readonly snapshot: Snapshot; readonly head: Cursor }
  /** The cursor is not in this log though its seq should be, or lies beyond the head: another history. */
  | { readonly status: "diverged"; readonly snapshot: Snapshot | undefined; readonly head: Cursor }
  | { readonly status: "no-conversation" }

/**
 * What a listener is told: entries that follow `prev`, gapless. `prev` is what was told before, except after `missed`:
 * then it may lie beyond that, or in another history.
 */
export interface Appended {
  readonly conversation: string
  readonly prev: Cursor
  readonly entries: readonly Entry[]
}

export interface LogListener {
  appended(appended: Appended): void
  /** Something without a place in the log, published by any node. It may be lost. */
  ephemeral(conversation: string, body: string): void
  /** The engine was out of touch for a moment: what was appended meanwhile may not have been told. Compare the heads. */
  missed(conversation: string): void
  /** For a moment nothing was heard: what was `ephemeral` meanwhile is lost. Whether entries were missed is told by `missed`. */
  unheard?(conversation: string): void
}

/** A finished message that has left the snapshot's window, kept for paging back. */
export interface ArchivedMessage {
  readonly seq: Seq
  /** The message as JSON text, the shape of the protocol's `ChatMessage`. */
  readonly body: string
}

export interface CompactRequest {
  readonly conversation: string
  /** Replaces the snapshot, unless the stored one is newer or its cursor is not in the log. */
  readonly snapshot: Snapshot
  /** Written over whatever stands at the same seq; `null` removes. */
  readonly archive: readonly (ArchivedMessage | { readonly seq: Seq; readonly body: null })[]
  /** Entries up to and including this seq may go. Never beyond the snapshot. */
  readonly trimThrough: Seq
}

export interface EventLog {
  create(request: CreateRequest): Promise<CreateResult>
  append(request: AppendRequest): Promise<AppendResult>
  /**
   * @param after where the reader is; `startCursor` for the beginning.
   * @param max how much to give; the caller reads on while `more`.
   */
  read(conversation: string, after: Cursor, max: PageMax): Promise<ReadResult>
  /** @returns the newest entry's cursor, `startCursor` never (a log has a first entry), or `undefined` without a log. */
  head(conversation: string): Promise<Cursor | undefined>
  snapshot(conversation: string): Promise<Snapshot | undefined>
  /** @returns whether it was taken: `false` means a newer snapshot exists or the cursor is not in the log. */
  compact(request: CompactRequest): Promise<boolean>
  /** Archived messages with a seq below `before`, the newest `max` of them, oldest first. */
  archived(conversation: string, before: Seq, max: number): Promise<readonly ArchivedMessage[]>
  /** Archived messages with a seq above `after`, the oldest `max` of them, oldest first. */
  archivedAfter(conversation: string, after: Seq, max: number): Promise<readonly ArchivedMessage[]>
  /** @returns how many messages the archive holds. */
  archivedCount(conversation: string): Promise<number>
  /**
   * Removes archived messages up to and including a seq, the oldest `max` of them.
   * @returns how many it has removed: fewer than `max`, and none is left.
   */
  cutArchive(conversation: string, upTo: Seq, max: number): Promise<number>
  /**
   * @returns the place of what was stored under an idempotency key, for as long as the key is remembered. Whoever
   *   asked for that is acknowledged by it, so it is as durable by then as after `append`.
   */
  repeated(conversation: string, key: string): Promise<Repeated | undefined>
  /** @returns the named value beside the log, as `Expectation` sets it. */
  value(conversation: string, name: string): Promise<string | null>
  /**
   * Tells `listener` of every append from now on. Resolves when it is in force, so that a read that
   * starts afterwards and this together miss nothing. (SPEC SUB1) What was stored right before may be told as well.
   * @returns stops it.
   */
  listen(conversation: string, listener: LogListener): Promise<() => void>
  /**
   * Tells every node's listeners of something that has no place in the log. It may be lost.
   * @returns whether it went out; it may still be lost where somebody does not hear at that moment.
   */
  publish(conversation: string, body: string): Promise<boolean>
}

/** Parses what `append` was given. */
export function bodyOf(entry: Entry): EventBody {
  return JSON.parse(entry.body) as EventBody
}

/** Sixteen digits: below 2^64, so that a store whose ids are numbers can take the cursor for its own id; and exact when counted up. */
const nonceMin = 10 ** 15
const nonceMax = Number.MAX_SAFE_INTEGER - 1_000_000_000

/**
 * @returns the nonce of one append: a random whole number in decimal. Two histories that diverged meet in one with
 *   a chance of about 10^-16 an entry.
 */
export function freshNonce(random: Random): string {
  return String(nonceMin + Math.floor(random.fraction() * (nonceMax - nonceMin)))
}
