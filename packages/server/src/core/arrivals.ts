/**
 * Who comes to a conversation is shown to the others a moment later, together with all who came in that moment.
 *
 * To be shown is a write of the store, which may wait for a disk, and a word to everybody who is there. Where a hundred come
 * back at once these stood between their questions and the store's answers. Now the writes are one trip behind them,
 * and the words come together, so that each device is written to once and not a hundred times. (SPEC DLV2)
 *
 * Whoever asks who is here is told of those who wait, too; and so that nobody seems to have gone who has come over another
 * connection, they are shown before anybody goes. Who came and went within the moment was not here. What waits is bounded by
 * the subscriptions that are open.
 */
import type { Engine } from "@everthread/engine"
import type { Clock, Timer } from "@everthread/protocol"
import type { Actor } from "./core.ts"
import type { Log } from "./log-sink.ts"
import type { PresenceNews } from "./presence-facts.ts"

/** One connection of somebody. */
export interface Visitor {
  readonly actor: Actor
}

export interface ArrivalsOptions {
  readonly node: string
  readonly engine: Engine
  readonly clock: Clock
  readonly logger: Log
  readonly news: PresenceNews
}

/** How long who comes waits for others: longer than it takes to catch a hundred up, and nothing that a person notices. */
const togetherMs = 100

export class Arrivals {
  readonly #options: ArrivalsOptions
  /** Which conversations each has come to and is not shown in yet. */
  readonly #waiting = new Map<Visitor, Set<string>>()
  #entering: Promise<unknown> = Promise.resolve()
  #timer: Timer | undefined

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  came(visitor: Visitor, conversation: string): void {
    this.#waiting.set(visitor, (this.#waiting.get(visitor) ?? new Set()).add(conversation))
    this.#timer ??= this.#options.clock.startTimer(togetherMs, () => void this.show())
  }

  went(visitor: Visitor, conversation: string): void {
    const own = this.#waiting.get(visitor)
    if (!own?.delete(conversation)) {
      void this.show()
      void this.#tell(visitor.actor, conversation, false)
    } else if (own.size === 0) {
      this.#waiting.delete(visitor)
      if (this.#waiting.size === 0) this.#stopTimer()
    }
  }

  /** Resolves when the store knows of all who came, or does not take it. */
  async show(): Promise<void> {
    this.#stopTimer()
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    const told = waiting.flatMap(([{ actor }, conversations]) =>
      [...conversations].map((conversation) => this.#tell(actor, conversation, true)),
    )
    if (told.length > 0) this.#entering = Promise.all([this.#entering, ...told])
    await this.#entering
  }

  async #tell(actor: Actor, conversation: string, on: boolean): Promise<void> {
    const { node, engine, news, logger } = this.#options
    const device = { ...actor, node }
    try {
      const { presence } = engine
      const isNews = await (on ? presence.enter(conversation, device) : presence.leave(conversation, device))
      if (isNews) await news.tell(conversation, actor, on)
    } catch (error) {
      logger.debug({ err: error, conversation }, "presence was not told")
    }
  }

  #stopTimer(): void {
    if (this.#timer) this.#options.clock.stopTimer(this.#timer)
    this.#timer = undefined
  }
}
