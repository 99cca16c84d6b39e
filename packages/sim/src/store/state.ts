/**
 * What the store holds, as plain data, and how it came to be.
 *
 * Everything that changes it is a function of it and of what was asked: so the store at any earlier moment is what the
 * first of those functions make of nothing, and going back is doing fewer of them again.
 */
import type { Announcement, Entry, Fence, Owner, RunAbout, Snapshot } from "@everthread/engine"
import { type Cursor, formatCursor, type Role, type Seq, startCursor } from "@everthread/protocol"
import type { Deed } from "../history/history.ts"

/** An entry's place: the two parts of its cursor. */
export interface Place {
  readonly seq: Seq
  readonly nonce: string
}

export const startPlace: Place = { seq: 0, nonce: "0" }
export const cursorOf = ({ seq, nonce }: Place): Cursor => (seq === 0 ? startCursor : formatCursor(seq, nonce))

export interface KeyRecord extends Place {
  readonly digest: string
  readonly ref?: string
}

export interface OpenRecord {
  readonly seq: Seq
  readonly order: number
  readonly about: RunAbout | undefined
}

/** Begun under a nonce, or done with a result. */
export type EffectRecord = { readonly nonce: string } | { readonly value: string }

export interface ConversationRecord {
  /** What is kept, the first of them right behind `trimmed`. */
  entries: Entry[]
  /** What was trimmed away: nobody is given it, and whoever judges looks at it. */
  readonly gone: Entry[]
  head: Place
  trimmed: Place
  /** The last fence number that was given out. */
  fence: number
  owner: Owner | undefined
  /** How many appends were made under the owner's fence, and where the last of them ends. */
  n: number
  last: Place | undefined
  /** Whose last append gave the conversation up; nobody has claimed it since. */
  released: Fence | undefined
  snapshot: Snapshot | undefined
  readonly keys: Map<string, KeyRecord>
  readonly values: Map<string, string>
  readonly members: Map<string, Role>
  readonly archive: Map<Seq, string>
  readonly openRuns: Map<string, OpenRecord>
  readonly effects: Map<string, Map<string, EffectRecord>>
}

/** What a graph keeps of a thread: one superstep. */
export interface CheckpointRecord {
  readonly id: string
  /** Of the graph around it; its own for one of the graph itself. */
  readonly root: string
  readonly parent: string | undefined
  readonly run: string
  /** What the graph was asked. */
  readonly text: string
  /** Which superstep comes next. */
  readonly step: number
  /** Where inside of it a subgraph is. */
  readonly inner: number
  readonly given: readonly string[]
}

export interface SessionRecord {
  readonly sessionId: string
  readonly lastActive: number
  readonly expiresAt: number
  readonly received: ReadonlyMap<string, Cursor>
}

export interface State {
  readonly conversations: Map<string, ConversationRecord>
  readonly beats: Map<string, number>
  readonly workers: Map<string, Announcement>
  readonly agents: Set<string>
  readonly sessions: Map<string, SessionRecord>
  readonly checkpoints: Map<string, CheckpointRecord[]>
  readonly deeds: Deed[]
  openings: number
}

export function emptyState(): State {
  return {
    conversations: new Map(),
    beats: new Map(),
    workers: new Map(),
    agents: new Set(),
    sessions: new Map(),
    checkpoints: new Map(),
    deeds: [],
    openings: 0,
  }
}

export const isSameFence = (one: Fence | undefined, other: Fence): boolean =>
  one?.number === other.number && one.nonce === other.nonce
