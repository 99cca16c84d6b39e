/**
 * Makes one publication of several that are heard one right after the other.
 *
 * A busy conversation's arrive many in one read from the network. What they cost each device that follows is then paid
 * once and not for each of them: one frame, one check, one place in what is written. (SPEC DLV2) Nothing is held back for
 * it: they are told at the end of the step in which the bytes arrived. One is no larger than a page: what waited until it was
 * durable may come as megabytes, and a slow device can only be helped between frames. (SPEC DLV3)
 */
import { type Appended, pageMax } from "@everthread/engine"

export interface ToldTogether {
  /** @param appended follows what was added of its conversation before. */
  add(appended: Appended): void
  /** Tells what was added, now: before anything else is said of it. */
  flush(): void
}

/** What is told as one. */
interface Piece {
  readonly first: Appended
  readonly entries: Appended["entries"][number][]
  chars: number
}

export function toldTogether(tell: (appended: Appended) => void): ToldTogether {
  let due = new Map<string, Piece[]>()
  function flush(): void {
    const told = due
    due = new Map()
    for (const pieces of told.values()) for (const { first, entries } of pieces) tell({ ...first, entries })
  }
  return {
    add(appended) {
      if (due.size === 0) queueMicrotask(flush)
      const pieces = due.get(appended.conversation)
      if (!pieces) due.set(appended.conversation, [pieceOf(appended)])
      else if (!takes(pieces.at(-1), appended)) pieces.push(pieceOf(appended))
    },
    flush,
  }
}

const charsOf = ({ entries }: Appended): number => entries.reduce((sum, { body }) => sum + body.length, 0)

const pieceOf = (first: Appended): Piece => ({ first, entries: [...first.entries], chars: charsOf(first) })

/** @returns whether it found room. */
function takes(piece: Piece | undefined, appended: Appended): boolean {
  const chars = charsOf(appended)
  if (!piece || piece.chars + chars > pageMax.charsMax) return false
  if (piece.entries.length + appended.entries.length > pageMax.entriesMax) return false
  piece.entries.push(...appended.entries)
  piece.chars += chars
  return true
}
