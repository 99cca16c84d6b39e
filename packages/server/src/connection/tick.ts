/**
 * Joins what is due within one turn of the event loop: every outbox that got something is flushed once,
 * at the turn's end, by one callback for all of them. (SPEC DLV2)
 */
import type { Clock } from "@everthread/protocol"

export interface Flushable {
  flush(): void
}

export class Tick {
  readonly #clock: Clock
  #due: Flushable[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Flushes it at the end of this turn. To be called once for each turn. */
  add(flushable: Flushable): void {
    if (this.#due.push(flushable) === 1) this.#clock.endOfTick(() => this.#run())
  }

  #run(): void {
    const due = this.#due
    this.#due = []
    for (const flushable of due) flushable.flush()
  }
}
