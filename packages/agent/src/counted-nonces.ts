/** Nonces of one owner's appends: random, then counted up, so that a device that has one knows the next. (SPEC FRM5) */
import { freshNonce } from "@everthread/engine"
import type { Random } from "@everthread/protocol"

export class CountedNonces {
  readonly #random: Random
  #next: number | undefined

  constructor(random: Random) {
    this.#random = random
  }

  next(): string {
    const nonce = this.#next ?? Number(freshNonce(this.#random))
    this.#next = nonce + 1
    return String(nonce)
  }

  /** Begins to count anew, from a random one: what was given out before may stand in a history that is lost. */
  startOver(): void {
    this.#next = undefined
  }
}
