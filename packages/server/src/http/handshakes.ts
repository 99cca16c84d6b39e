/**
 * Lets new sockets in a few in a turn of the event loop, so that those who are here get their turns in between.
 *
 * Where everybody comes back to a node at once, hundreds of handshakes lie ready in one turn, and with each of them a hello, a
 * subscription and a page follow. Whoever waits here has not been heard yet, so the time in which a hello is due has not
 * begun. How many may wait, the caller bounds.
 */
import type { Clock } from "@everthread/protocol"

/** About two milliseconds of work. */
const perTurnMax = 16

export class Handshakes {
  readonly #clock: Pick<Clock, "endOfTick">
  #waiting: (() => void)[] = []
  #begun = 0

  constructor(clock: Pick<Clock, "endOfTick">) {
    this.#clock = clock
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Does it now where this turn has room for it, otherwise behind those who came before. */
  add(handshake: () => void): void {
    if (this.#begun >= perTurnMax || this.#waiting.length > 0) this.#waiting.push(handshake)
    else this.#begin(handshake)
  }

  #begin(handshake: () => void): void {
    this.#begun += 1
    if (this.#begun === 1) this.#clock.endOfTick(() => this.#nextTurn())
    handshake()
  }

  #nextTurn(): void {
    this.#begun = 0
    for (const handshake of this.#waiting.splice(0, perTurnMax)) this.#begin(handshake)
  }
}
