/**
 * Looks at every conversation of the store now and then: what nobody opens has to expire, too. (SPEC RET4)
 *
 * It goes through them a page at a time with a pause after each, so that it is never more than a trickle, and each
 * node goes through all: whoever comes second finds nothing to do. Where the store is away it gives the round up;
 * a conversation that fails by itself is left to the next one.
 */
import { type Directory, EngineError } from "@everthread/engine"
import type { Clock, Random, Timer } from "@everthread/protocol"
import type { Log } from "./log-sink.ts"

export interface RetentionSweepOptions {
  readonly directory: Directory
  readonly enforce: (conversation: string) => Promise<void>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Log
  /** From the end of one round to the beginning of the next, in milliseconds. */
  readonly everyMs: number
}

const conversationsPage = 32
const pauseMs = 200

export class RetentionSweep {
  readonly #options: RetentionSweepOptions
  #timer: Timer | undefined
  #isStopped = false

  constructor(options: RetentionSweepOptions) {
    this.#options = options
  }

  /** The first round comes within the interval, at random: nodes that start together need not sweep together. */
  start(): void {
    const { random, everyMs } = this.#options
    this.#later(random.fraction() * everyMs, undefined)
  }

  stop(): void {
    this.#isStopped = true
    if (this.#timer) this.#options.clock.stopTimer(this.#timer)
  }

  #later(delayMs: number, from: string | undefined): void {
    if (this.#isStopped) return
    this.#timer = this.#options.clock.startTimer(delayMs, () => void this.#step(from))
  }

  async #step(from: string | undefined): Promise<void> {
    const next = await this.#page(from).catch((error: unknown) => {
      if (!this.#isStopped) this.#options.logger.warn({ err: error }, "looking for what has expired goes on later")
      return undefined
    })
    if (next === undefined) this.#later(this.#options.everyMs, undefined)
    else this.#later(pauseMs, next)
  }

  async #page(from: string | undefined): Promise<string | undefined> {
    const { conversations, next } = await this.#options.directory.every(from, conversationsPage)
    for (const conversation of conversations) {
      if (this.#isStopped) return undefined
      await this.#enforce(conversation)
    }
    return next
  }

  async #enforce(conversation: string): Promise<void> {
    try {
      await this.#options.enforce(conversation)
    } catch (error) {
      if (error instanceof EngineError) throw error
      this.#options.logger.error({ err: error, conversation }, "could not look for what has expired")
    }
  }
}
