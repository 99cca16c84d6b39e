/** Who wants to know that connections or masters have changed. */
import { notify } from "@everthread/engine/parts"

export interface Changes {
  tell(): void
  on(listener: () => void): () => void
}

export function changes(): Changes {
  const listeners = new Set<() => void>()
  return {
    tell: () => notify(listeners, (listener) => listener()),
    on(listener) {
      // Wrapped, because the same listener may be added twice and each adding ends by itself.
      const own = () => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
