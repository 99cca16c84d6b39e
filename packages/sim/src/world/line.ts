/** One direction of a connection: what is sent arrives in its order, each piece some time later. */
import type { Random } from "@everthread/protocol"
import type { Host } from "./host.ts"

export interface DelayMs {
  readonly least: number
  readonly most: number
}

export class Line {
  readonly #to: Host
  readonly #nowMs: () => number
  readonly #random: Random
  readonly #delayMs: () => DelayMs
  #lastMs = 0

  constructor(to: Host, nowMs: () => number, random: Random, delayMs: () => DelayMs) {
    this.#to = to
    this.#nowMs = nowMs
    this.#random = random
    this.#delayMs = delayMs
  }

  send(arrive: () => void): void {
    const { least, most } = this.#delayMs()
    const atMs = this.#nowMs() + least + this.#random.fraction() * (most - least)
    this.#lastMs = Math.max(this.#lastMs, atMs)
    this.#to.after(this.#lastMs - this.#nowMs(), arrive)
  }
}
