/** Who wants to be told of one thing that happens in this process. */
import { notify } from "./notify.ts"

export interface ListenerSet<Told extends readonly unknown[]> {
  /** The same listener may be added twice, and each adding ends by itself. @returns stops it. */
  add(listener: (...told: Told) => void): () => void
  tell(...told: Told): void
  readonly size: number
}

export function listenerSet<Told extends readonly unknown[]>(): ListenerSet<Told> {
  const listeners = new Set<(...told: Told) => void>()
  return {
    add(listener) {
      // Wrapped, because a set would take the second adding for the first.
      const own = (...told: Told) => listener(...told)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    tell: (...told) => notify(listeners, (listener) => listener(...told)),
    get size() {
      return listeners.size
    },
  }
}
