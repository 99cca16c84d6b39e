/** Lets so many through at once; the others wait in the order in which they came. */
export class Gate {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(width: number) {
    this.#free = width
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      // Handed on rather than freed: whoever comes now does not overtake those who wait.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }
}
