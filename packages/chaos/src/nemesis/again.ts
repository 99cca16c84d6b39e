/** Does the same thing again and again, at moments that the seed chooses, until it is to end. */
import { setTimeout as pause } from "node:timers/promises"
import type { Random } from "@everthread/protocol"

/** @returns ends it; resolves when nothing of it is under way. Rejects with what has ended it before. */
export function again(random: Random, betweenMsMax: number, act: () => Promise<unknown>): () => Promise<void> {
  let isOver = false
  const acting = (async () => {
    while (!isOver) {
      await act()
      await pause(random.fraction() * betweenMsMax)
    }
  })()
  // Whoever ends it is told.
  acting.catch(() => undefined)
  return () => {
    isOver = true
    return acting
  }
}
