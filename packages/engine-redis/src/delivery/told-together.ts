/**
 * Makes one publication of several that are heard one right after the other.
 *
 * A busy conversation's arrive many in one read from the network. What they cost each device that follows is then paid
 * once and not for each of them: one frame, one check, one place in what is written. (SPEC DLV2) Nothing is held back for
 * it: they are told at the end of the step in which the bytes arrived.
 */
import type { Appended } from "@everthread/engine"

export interface ToldTogether {
  /** @param appended follows what was added of its conversation before. */
  add(appended: Appended): void
  /** Tells what was added, now: before anything else is said of it. */
  flush(): void
}

export function toldTogether(tell: (appended: Appended) => void): ToldTogether {
  let due = new Map<string, Appended[]>()
  function flush(): void {
    const told = due
    due = new Map()
    for (const pieces of told.values()) tell(joined(pieces))
  }
  return {
    add(appended) {
      if (due.size === 0) queueMicrotask(flush)
      const pieces = due.get(appended.conversation)
      if (pieces) pieces.push(appended)
      else due.set(appended.conversation, [appended])
    },
    flush,
  }
}

function joined(pieces: readonly Appended[]): Appended {
  const [first] = pieces
  if (!first) throw new Error("there is nothing to tell")
  return pieces.length === 1 ? first : { ...first, entries: pieces.flatMap(({ entries }) => entries) }
}
