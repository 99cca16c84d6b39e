/** The head of a conversation's log: one small record, read and written by every append. */

import type { Fence, Owner } from "@everthread/engine"
import { type Cursor, formatCursor, type Seq, startCursor } from "@everthread/protocol"
import { headKey } from "./keys.ts"
import { getJson, putJson, type Tables } from "./tables.ts"

/** An entry's place: the two parts of its cursor. */
export interface Place {
  readonly seq: Seq
  readonly nonce: string
}

export interface Head extends Place {
  /** The last entry that was trimmed away; `startPlace` while none was. */
  readonly trimmed: Place
  /** The last fence number that was given out. It only rises. */
  readonly fence: number
  /** Who may write run output now. */
  readonly owner?: Owner
  /** How many appends were made under the owner's fence, and where the last of them ends. */
  readonly n: number
  readonly last?: Place
  /** Whose last append gave the conversation up; nobody has claimed it since. */
  readonly released?: Fence
}

export const startPlace: Place = { seq: 0, nonce: "0" }

export const cursorOf = (place: Place): Cursor => (place.seq === 0 ? startCursor : formatCursor(place.seq, place.nonce))

export const getHead = (tables: Tables, conversation: string): Head | undefined =>
  getJson<Head>(tables.records, headKey(conversation))

export const putHead = (tables: Tables, conversation: string, head: Head): void =>
  putJson(tables.records, headKey(conversation), head)

/** Both halves count: a store that was rolled back can have given the same number to another claim. */
export const isCurrentFence = (head: Head | undefined, fence: Fence): boolean => isSame(head?.owner?.fence, fence)

export const isReleasedFence = (head: Head, fence: Fence): boolean => isSame(head.released, fence)

const isSame = (one: Fence | undefined, other: Fence): boolean =>
  one?.number === other.number && one.nonce === other.nonce
