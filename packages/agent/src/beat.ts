/**
 * One beat for all runs of a process: what waits for the end of a window waits for the same moment in each of them.
 *
 * Runs that each counted from their own last write would wake the process, write to the store and hear of it one by
 * one. On a common beat their appends leave in one write and come back in one read, on this node and on the others.
 */
import type { Clock } from "@everthread/protocol"

export class Beat {
  static readonly #byClock = new WeakMap<Clock, Map<number, Beat>>()

  /** @returns the one beat of whoever counts by this clock. */
  static of(clock: Clock, everyMs: number): Beat {
    const beats = Beat.#byClock.get(clock) ?? new Map<number, Beat>()
    Beat.#byClock.set(clock, beats)
    const beat = beats.get(everyMs) ?? new Beat(clock, everyMs)
    beats.set(everyMs, beat)
    return beat
  }

  readonly #clock: Clock
  readonly #everyMs: number
  readonly #due = new Set<() => void>()
  #isTimed = false
  /** Which beat was the last: timers may be early by a little, and that must not make a second beat of one. */
  #last = Number.NEGATIVE_INFINITY

  /** @param everyMs above 0, except where nobody ever waits. */
  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock
    this.#everyMs = everyMs
  }

  /** Calls `run` at the next beat, once. @returns takes it back. */
  next(run: () => void): () => void {
    this.#due.add(run)
    if (!this.#isTimed) this.#startTimer()
    return () => void this.#due.delete(run)
  }

  #startTimer(): void {
    this.#isTimed = true
    const nowMs = this.#clock.monotonic()
    const next = Math.max(Math.floor(nowMs / this.#everyMs), this.#last) + 1
    this.#clock.startTimer(next * this.#everyMs - nowMs, () => this.#strike())
  }

  #strike(): void {
    this.#isTimed = false
    this.#last = Math.round(this.#clock.monotonic() / this.#everyMs)
    const due = [...this.#due]
    this.#due.clear()
    for (const run of due) run()
  }
}
