/**
 * One event of LangChain's Agent Streaming Protocol, before it has its place on the wire.
 *
 * An entry of the log becomes none, one or several of them. Where one stands is named by the entry and its number among
 * them, so every node gives the same event the same id, and a client that sees it twice knows it. (SPEC LGR2)
 * https://github.com/langchain-ai/agent-protocol (streaming), package `@langchain/protocol`
 */
import type { Cursor, Seq } from "../cursor.ts"
import type { Json } from "../types.ts"

export interface StreamEvent {
  readonly method: "values" | "messages" | "tools" | "lifecycle" | "input.requested" | "checkpoints" | "custom"
  readonly namespace: readonly string[]
  /** Milliseconds since 1970, of the entry; a token has none of its own. */
  readonly time?: number
  readonly node?: string | undefined
  readonly data: { readonly [field: string]: Json | undefined }
  /** The message that it belongs to, as the log calls it. */
  readonly message?: string
  /** A whole state that only saves a live device from looking for it: a replay leaves it out, because a newer one follows. */
  readonly isPassing?: boolean
}

/** An event with its id and its position. */
export interface PlacedEvent {
  readonly id: string
  readonly position: number
  readonly event: StreamEvent
}

/** Events of one entry that have positions of their own: as clients compare positions, no two entries share one. */
const eventsAnEntryMax = 1_000

/** @returns the event's `seq` on the wire: it only rises within a thread. */
export function positionOf(seq: Seq, index: number): number {
  return seq * eventsAnEntryMax + Math.min(index, eventsAnEntryMax - 1)
}

/** @returns the last position that an entry can have. */
export function endOf(seq: Seq): number {
  return positionOf(seq, eventsAnEntryMax)
}

/** @returns the seq of the entry that a position belongs to. */
export function seqAt(position: number): Seq {
  return Math.floor(position / eventsAnEntryMax)
}

/** @param index the event's number among those of its entry. */
export function placed(cursor: Cursor, seq: Seq, index: number, event: StreamEvent): PlacedEvent {
  return { id: `${cursor}.${index}`, position: positionOf(seq, index), event }
}

/** @returns the event as the JSON text that travels. */
export function wireText({ id, position, event }: PlacedEvent): string {
  const { method, namespace, time, node, data } = event
  const params = { namespace, timestamp: time ?? 0, ...(node === undefined ? {} : { node }), data }
  return JSON.stringify({ type: "event", event_id: id, seq: position, method, params })
}

const idPattern = /^(?:anew\.|gone\.)?(\d{1,15})-\w+\.(now)?(\d{1,9})/

/** @returns the position of the event of this id; `undefined` if no event has such an id. */
export function positionOfEvent(id: string): number | undefined {
  const [, seq, now, index] = idPattern.exec(id) ?? []
  if (seq === undefined) return undefined
  return now === undefined ? positionOf(Number(seq), Number(index)) : endOf(Number(seq))
}
