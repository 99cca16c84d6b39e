/**
 * A node's connection to the store: requests and answers, each in their order, and what a cut does to them.
 *
 * A request that was sent may be done although its answer is lost, and may be done even after the asker has given up:
 * then a write is `unknown`. While there is no connection nothing is sent, so nothing was done.
 */
import { EngineError } from "@everthread/engine"
import type { Host } from "../world/host.ts"
import { type DelayMs, Line } from "../world/line.ts"

export interface StoreLinkSetup {
  readonly node: Host
  readonly store: Host
  readonly nowMs: () => number
  readonly delayMs: () => DelayMs
}

export type Kind = "read" | "write"

interface Asked {
  readonly kind: Kind
  isLost: boolean
  refuse(error: EngineError): void
}

/** How long an answer is waited for, in milliseconds. */
const deadlineMs = 2_000
/** How long it takes to find out that there is no connection. */
const refusalMs = 10

export class StoreLink {
  readonly #setup: StoreLinkSetup
  readonly #asked = new Set<Asked>()
  readonly #listeners = new Set<() => void>()
  #there: Line
  #back: Line
  #isUp = true
  #isClosed = false

  constructor(setup: StoreLinkSetup) {
    this.#setup = setup
    const [there, back] = this.#lines()
    this.#there = there
    this.#back = back
  }

  get isUp(): boolean {
    return this.#isUp
  }

  assertOpen(): void {
    if (this.#isClosed) throw new EngineError("closed", "The engine was closed.")
  }

  async ask<T>(kind: Kind, work: () => T): Promise<T> {
    this.assertOpen()
    return new Promise((resolve, reject) => {
      const asked: Asked = { kind, isLost: false, refuse: reject }
      if (this.#isUp) this.#send(asked, work, resolve)
      else this.#setup.node.after(refusalMs, () => reject(new EngineError("unavailable", "The store is away.")))
    })
  }

  /** Everything under way is given up, and nothing goes until `mend`. What is on its way to the store may get there. */
  cut(isLost: () => boolean): void {
    this.#isUp = false
    for (const asked of [...this.#asked]) {
      asked.isLost = isLost()
      this.#giveUp(asked, "The connection to the store was lost.")
    }
  }

  mend(): void {
    if (this.#isUp) return
    this.#isUp = true
    const [there, back] = this.#lines()
    this.#there = there
    this.#back = back
    for (const listener of [...this.#listeners]) listener()
  }

  /** Calls `listener` when there is a connection again. */
  onBack(listener: () => void): void {
    this.#listeners.add(listener)
  }

  close(): void {
    this.#isClosed = true
  }

  #lines(): [there: Line, back: Line] {
    const { node, store, nowMs, delayMs } = this.#setup
    return [new Line(store, nowMs, node.random, delayMs), new Line(node, nowMs, node.random, delayMs)]
  }

  #send<T>(asked: Asked, work: () => T, resolve: (result: T) => void): void {
    this.#asked.add(asked)
    const back = this.#back
    const { clock } = this.#setup.node
    const deadline = clock.startTimer(deadlineMs, () => this.#giveUp(asked, "The store did not answer in time."))
    this.#there.send(() => {
      if (asked.isLost) return
      const result = work()
      back.send(() => {
        clock.stopTimer(deadline)
        // Given up before: whoever asked knows another answer already.
        if (this.#asked.delete(asked)) resolve(result)
      })
    })
  }

  #giveUp(asked: Asked, text: string): void {
    if (!this.#asked.delete(asked)) return
    asked.refuse(new EngineError(asked.kind === "write" ? "unknown" : "unavailable", text))
  }
}
