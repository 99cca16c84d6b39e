/**
 * Who comes to a conversation is shown to the others a moment later, together with all who came in that moment.
 *
 * To be shown is a write of the store, which may wait for a disk, and a word to everybody who is there. Where a hundred come
 * back at once these stood between their questions and the store's answers. Now the writes are one trip behind them,
 * and the words come together, so that each device is written to once and not a hundred times. (SPEC DLV2)
 *
 * Whoever asks who is here is told of those who wait, too; and so that nobody seems to have gone who has come over another
 * connection, they are shown before anybody goes. Conversations do not wait for each other: the store may be away for one
 * of them alone. Who came and went within the moment was not here. What waits is bounded by the subscriptions that are open.
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
  /** Who has come to each conversation and is not shown there yet. */
  readonly #waiting = new Map<string, Set<Visitor>>()
  /** What the store is being told of each. */
  readonly #entering = new Map<string, Promise<unknown>>()
  #timer: Timer | undefined

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  came(visitor: Visitor, conversation: string): void {
    const waiting = this.#waiting.get(conversation) ?? new Set()
    this.#waiting.set(conversation, waiting.add(visitor))
    this.#timer ??= this.#options.clock.startTimer(togetherMs, () => this.#showAll())
  }

  went(visitor: Visitor, conversation: string): void {
    const waiting = this.#waiting.get(conversation)
    if (!waiting?.delete(visitor)) {
      this.#begin(conversation)
      void this.#tell(visitor.actor, conversation, false)
    } else if (waiting.size === 0) {
      this.#taken(conversation)
    }
  }

  /** Resolves when the store knows of all who came to the conversation, or does not take it. */
  async show(conversation: string): Promise<void> {
    this.#begin(conversation)
    await this.#entering.get(conversation)
  }

  #showAll(): void {
    for (const conversation of [...this.#waiting.keys()]) this.#begin(conversation)
  }

  #begin(conversation: string): void {
    const waiting = this.#waiting.get(conversation)
    if (!waiting) return
    this.#taken(conversation)
    const told = [...waiting].map(({ actor }) => this.#tell(actor, conversation, true))
    const entering = Promise.all([this.#entering.get(conversation), ...told]).then(() => {
      if (this.#entering.get(conversation) === entering) this.#entering.delete(conversation)
    })
    this.#entering.set(conversation, entering)
  }

  #taken(conversation: string): void {
    this.#waiting.delete(conversation)
    if (this.#waiting.size > 0 || !this.#timer) return
    this.#options.clock.stopTimer(this.#timer)
    this.#timer = undefined
  }

  /** Resolves when the store knows of it; nobody waits until everybody else does. */
  async #tell(actor: Actor, conversation: string, on: boolean): Promise<void> {
    const { node, engine, news, logger } = this.#options
    const device = { ...actor, node }
    try {
      const { presence } = engine
      const isNews = await (on ? presence.enter(conversation, device) : presence.leave(conversation, device))
      if (isNews) void news.tell(conversation, actor, on)
    } catch (error) {
      logger.debug({ err: error, conversation }, "presence was not told")
    }
  }
}
