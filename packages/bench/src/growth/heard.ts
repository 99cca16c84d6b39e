/** How often something was heard on a connection, for one who waits until it was so often. */
import { Seeker } from "../resume/seeker.ts"

export class Heard {
  readonly #seeker: Seeker
  #times = 0
  #wanted = Number.POSITIVE_INFINITY
  #resolve: () => void = () => undefined

  constructor(mark: string) {
    this.#seeker = new Seeker(mark)
  }

  look(bytes: Buffer): void {
    this.#times += this.#seeker.countIn(bytes)
    if (this.#times >= this.#wanted) this.#resolve()
  }

  /** One waits at a time. */
  reached(times: number): Promise<void> {
    this.#wanted = times
    return new Promise((resolve) => {
      this.#resolve = resolve
      if (this.#times >= times) resolve()
    })
  }
}
