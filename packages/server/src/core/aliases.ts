/** Small numbers that stand for conversations on the wire: each one's own until it is released. */
export interface Alias {
  readonly number: number
  /** Once or more often: only the first time counts, because the number may be another's by then. */
  release(): void
}

export class Aliases {
  #next = 0
  readonly #free: number[] = []

  take(): Alias {
    const number = this.#free.pop() ?? this.#next++
    let held = true
    const release = () => {
      if (held) this.#free.push(number)
      held = false
    }
    return { number, release }
  }
}
