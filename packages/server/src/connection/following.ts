/**
 * What one connection follows: its subscriptions, and its presence in each of them.
 *
 * Presence is told to the others when a device's first connection comes and when its last one goes. It
 * may be lost; nothing waits for it.
 */
import type { Cursor } from "@everthread/protocol"
import type { Actor, Core } from "../core/core.ts"
import { done, type Outcome, refused } from "../core/outcome.ts"
import { Subscription } from "../core/subscription.ts"
import type { Dialect } from "../gateways/gateway.ts"
import { ConversationSink, type SinkOwner } from "./conversation-sink.ts"
import type { Outbox } from "./outbox.ts"
import { Turns } from "./turns.ts"

export class Following implements SinkOwner {
  readonly dialect: Dialect
  readonly turns: Turns
  readonly #core: Core
  readonly #actor: Actor
  readonly #subscriptionsMax: number
  readonly #subscriptions = new Map<string, Subscription>()

  constructor(core: Core, actor: Actor, dialect: Dialect, outbox: Outbox, subscriptionsMax: number) {
    this.#core = core
    this.#actor = actor
    this.dialect = dialect
    this.turns = new Turns(outbox)
    this.#subscriptionsMax = subscriptionsMax
  }

  get size(): number {
    return this.#subscriptions.size
  }

  has(conversation: string): boolean {
    return this.#subscriptions.has(conversation)
  }

  /** Prepares a subscription; one that exists already starts over from the cursor. */
  open(conversation: string, cursor: Cursor | undefined): Outcome<{ start: () => void }> {
    const before = this.#subscriptions.get(conversation)
    if (!before && this.#subscriptions.size >= this.#subscriptionsMax) return tooMany(this.#subscriptionsMax)
    before?.stop()
    const { hub, engine, clock, random, logger, meter } = this.#core
    const subscription = new Subscription({
      conversation,
      user: this.#actor.user,
      cursor,
      sink: new ConversationSink(this, conversation),
      stateful: this.dialect.stateful,
      hub,
      engine,
      clock,
      random,
      logger,
      meter,
    })
    this.#subscriptions.set(conversation, subscription)
    if (!before) this.#tellPresence(conversation, true)
    return done({ start: () => subscription.start() })
  }

  close(conversation: string): boolean {
    const subscription = this.#subscriptions.get(conversation)
    if (!subscription) return false
    subscription.stop()
    this.ended(conversation)
    return true
  }

  ended(conversation: string): void {
    this.#subscriptions.delete(conversation)
    this.#tellPresence(conversation, false)
  }

  closeAll(): void {
    for (const conversation of [...this.#subscriptions.keys()]) this.close(conversation)
  }

  #tellPresence(conversation: string, on: boolean): void {
    const { engine, logger, node, presence } = this.#core
    const device = { ...this.#actor, node }
    const told = async () => {
      const isNews = await (on
        ? engine.presence.enter(conversation, device)
        : engine.presence.leave(conversation, device))
      if (isNews) await presence.tell(conversation, this.#actor, on)
    }
    told().catch((error: unknown) => logger.debug({ err: error, conversation }, "presence was not told"))
  }
}

function tooMany(subscriptionsMax: number) {
  const message = `One connection may follow at most ${subscriptionsMax} conversations; unsubscribe from one first.`
  return refused("limit_reached", {
    field: "conversation",
    limit: subscriptionsMax,
    message,
  })
}
