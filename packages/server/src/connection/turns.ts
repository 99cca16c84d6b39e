/**
 * Replays of one connection take turns: one step of one subscription at a time, and only when little waits
 * for the connection. A device that comes back to a thousand conversations is caught up page by page, and
 * neither its outbox nor this node's memory ever holds more than one of them. (SPEC DLV3)
 */
export interface Outlet {
  /** Resolves when it can take more; `undefined`: now. */
  ready(): Promise<void> | undefined
}

export class Turns {
  readonly #outlet: Outlet
  /** The turn that was asked for last, while there is one. */
  #last: Promise<void> | undefined

  constructor(outlet: Outlet) {
    this.#outlet = outlet
  }

  /** Does the work when all that was asked for before is done, and returns what it returns. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last
    let end: () => void = () => undefined
    const own = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#last = own
    try {
      await before
      await this.#outlet.ready()
      return await work()
    } finally {
      end()
      if (this.#last === own) this.#last = undefined
    }
  }
}
