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

/** One of them, by the seed. */
export function anyOf<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random.fraction() * items.length)]
}

/** All of them, in an order by the seed. */
export function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const keyed = items.map((item) => ({ item, at: random.fraction() }))
  return keyed.sort((one, other) => one.at - other.at).map(({ item }) => item)
}
