/**
 * The time of day where being wrong deletes what nobody can bring back. (SPEC RET5)
 *
 * A wall clock that has moved ahead of the monotonic one was set, or the machine slept. Which of the two it was, and
 * whether it is right now, cannot be told here; so for a day it is in doubt, long enough for somebody to read the
 * warning. Of the node's clock and the store's the one that is behind counts: where they are two machines, both
 * would have to be wrong. A single machine that starts with a wrong clock is believed.
 */
import type { Engine } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"
import type { Log } from "./log-sink.ts"

/** How far the clocks may part between two looks: they are slewed, and counted by different crystals. */
const toleranceMs = 10 * 60 * 1_000
const doubtMs = 24 * 60 * 60 * 1_000

export class SteadyTime {
  readonly #clock: Clock
  readonly #engine: Pick<Engine, "wallTime">
  readonly #logger: Log
  /** Both clocks when the wall clock was last believed. */
  #believed: { readonly wall: number; readonly monotonic: number }
  #doubtfulSince: number | undefined

  constructor(clock: Clock, engine: Pick<Engine, "wallTime">, logger: Log) {
    this.#clock = clock
    this.#engine = engine
    this.#logger = logger
    this.#believed = { wall: clock.now(), monotonic: clock.monotonic() }
  }

  /** @returns milliseconds since 1970, or `undefined` while they are in doubt. */
  async now(): Promise<number | undefined> {
    const wall = this.#clock.now()
    const monotonic = this.#clock.monotonic()
    const aheadMs = wall - this.#believed.wall - (monotonic - this.#believed.monotonic)
    if (aheadMs > toleranceMs && this.#doubts(monotonic, aheadMs)) return undefined
    this.#believed = { wall, monotonic }
    this.#doubtfulSince = undefined
    return Math.min(wall, await this.#engine.wallTime())
  }

  #doubts(monotonic: number, aheadMs: number): boolean {
    if (this.#doubtfulSince === undefined) {
      const text = "this machine's clock has moved ahead by itself; for a day no message expires by age on this node"
      this.#logger.warn({ aheadMs: Math.round(aheadMs) }, text)
    }
    this.#doubtfulSince ??= monotonic
    return monotonic - this.#doubtfulSince < doubtMs
  }
}
