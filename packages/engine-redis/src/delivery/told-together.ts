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

/** What is told as one: `appended`, and in `entries` more than its own where others were joined to it. */
interface Piece {
  readonly appended: Appended
  entries: Appended["entries"][number][] | undefined
  count: number
  chars: number
}

export function toldTogether(tell: (appended: Appended) => void): ToldTogether {
  let due = new Map<string, Piece[]>()
  function flush(): void {
    const told = due
    due = new Map()
    for (const pieces of told.values())
      for (const { appended, entries } of pieces) tell(entries ? { ...appended, entries } : appended)
  }
  return {
    add(appended) {
      if (due.size === 0) queueMicrotask(flush)
      const chars = charsOf(appended)
      const pieces = due.get(appended.conversation)
      if (!pieces) due.set(appended.conversation, [pieceOf(appended, chars)])
      else if (!takes(pieces.at(-1), appended, chars)) pieces.push(pieceOf(appended, chars))
    },
    flush,
  }
}

function charsOf({ entries }: Appended): number {
  let chars = 0
  for (const { body } of entries) chars += body.length
  return chars
}

const pieceOf = (appended: Appended, chars: number): Piece => {
  return { appended, entries: undefined, count: appended.entries.length, chars }
}

/** @returns whether it found room. */
function takes(piece: Piece | undefined, { entries }: Appended, chars: number): boolean {
  if (!piece || piece.chars + chars > pageMax.charsMax) return false
  if (piece.count + entries.length > pageMax.entriesMax) return false
  piece.entries ??= [...piece.appended.entries]
  piece.entries.push(...entries)
  piece.count += entries.length
  piece.chars += chars
  return true
}
