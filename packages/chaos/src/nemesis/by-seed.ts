/** What is chosen, and in which order things come: the same for the same seed. */
import type { Random } from "@everthread/protocol"

/** One of them; nothing where there are none. */
export function anyOf<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random.fraction() * items.length)]
}

/** All of them, in another order. */
export function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const keyed = items.map((item) => ({ item, at: random.fraction() }))
  return keyed.sort((one, other) => one.at - other.at).map(({ item }) => item)
}
