/** One of a few words, remembered: a preference that anybody may watch. */
import type { Keep } from "./keep.ts"
import { createStore, type Store } from "./store.ts"

export function preference<W extends string>(keep: Keep, key: string, words: readonly W[], otherwise: W): Store<W> {
  const kept = words.find((word) => word === keep.get(key))
  const store = createStore<W>(kept ?? otherwise)
  return {
    ...store,
    set(word) {
      keep.set(key, word)
      store.set(word)
    },
  }
}
