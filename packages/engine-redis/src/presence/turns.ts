/** Work that is done one after the other where it has the same name, and side by side where it has not. */

export interface Turns<T> {
  (name: string, work: () => Promise<T>): Promise<T>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

export function turns<T>(): Turns<T> {
  const last = new Map<string, Promise<T>>()

  function take(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (last.get(name) ?? Promise.resolve()).then(work, work)
    last.set(name, turn)
    const end = () => {
      if (last.get(name) === turn) last.delete(name)
    }
    turn.then(end, end)
    return turn
  }

  return Object.assign(take, {
    async idle() {
      await Promise.allSettled(last.values())
    },
  })
}
