/**
 * Joining frames and deltas without changing what they add up to. (SPEC FRM3)
 *
 * A frame covers a range, so joining adjacent frames joins ranges, and a joined delta covers the
 * range of its parts: whoever applies it cannot tell, and nothing looks like a gap.
 */
import type { Cursor } from "./cursor.ts"
import type { LogEvent, LogEventOf } from "./types.ts"

/** Events that cover the half-open range `(prev, cursor]` of one log. */
export interface Frame {
  readonly prev: Cursor
  readonly cursor: Cursor
  readonly events: readonly LogEvent[]
}

/** @returns the two deltas as one, or `undefined` if the second does not continue the first. */
export function joinDeltas(first: LogEventOf<"delta">, second: LogEventOf<"delta">): LogEventOf<"delta"> | undefined {
  if (first.message !== second.message || first.block !== second.block) return undefined
  if (first.at + first.text.length !== second.at) return undefined
  return { ...second, at: first.at, text: first.text + second.text }
}

/** Joins neighbouring deltas of one block; everything else keeps its place. */
export function coalesce(events: readonly LogEvent[]): LogEvent[] {
  const joined: LogEvent[] = []
  for (const event of events) {
    const last = joined.at(-1)
    const both = event.type === "delta" && last?.type === "delta" ? joinDeltas(last, event) : undefined
    if (both) joined[joined.length - 1] = both
    else joined.push(event)
  }
  return joined
}

/**
 * @param frames adjacent frames: each one's `prev` is the `cursor` of the one before.
 * @returns one frame over their whole range, its deltas joined.
 */
export function joinFrames(frames: readonly [Frame, ...Frame[]]): Frame {
  const last = frames.at(-1) as Frame
  return { prev: frames[0].prev, cursor: last.cursor, events: coalesce(frames.flatMap((frame) => frame.events)) }
}
