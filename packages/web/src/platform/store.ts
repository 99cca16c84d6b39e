/** A value that somebody watches: what lives outside components and makes them draw again. */

export interface Readable<T> {
  /** The same object for as long as nothing has changed. */
  readonly snapshot: () => T
  /** @returns stops it. */
  readonly subscribe: (listener: () => void) => () => void
}

export interface Store<T> extends Readable<T> {
  set(value: T): void
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    snapshot: () => value,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of [...listeners]) listener()
    },
  }
}
