/**
 * What one connection follows: its subscriptions, and its presence in each of them.
 *
 * Presence is told to the others when a device's first connection comes (a moment later: `Arrivals`) and when its last one
 * goes. It may be lost; nothing waits for it.
 */
import type { Cursor } from "@everthread/protocol"
import { Admission } from "../core/admission.ts"
import type { Visitor } from "../core/arrivals.ts"
import type { Actor, Core } from "../core/core.ts"
import { done, type Outcome, refused } from "../core/outcome.ts"
import { Subscription } from "../core/subscription.ts"
import type { Dialect } from "../gateways/gateway.ts"
import { ConversationSink, type SinkOwner } from "./conversation-sink.ts"
import type { Outbox } from "./outbox.ts"
import { Turns } from "./turns.ts"

export class Following implements SinkOwner, Visitor {
  readonly dialect: Dialect
  readonly turns: Turns
  readonly actor: Actor
  readonly #core: Core
  readonly #subscriptionsMax: number
  readonly #subscriptions = new Map<string, Subscription>()

  constructor(core: Core, actor: Actor, dialect: Dialect, outbox: Outbox, subscriptionsMax: number) {
    this.#core = core
    this.actor = actor
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

  /**
   * Prepares a subscription; one that exists already starts over from the cursor.
   * @param asked what the store has just said of the user, where it was asked.
   */
  open(conversation: string, cursor: Cursor | undefined, asked?: Admission): Outcome<{ start: () => void }> {
    const before = this.#subscriptions.get(conversation)
    if (!before && this.#subscriptions.size >= this.#subscriptionsMax) return tooMany(this.#subscriptionsMax)
    before?.stop()
    const { hub, engine, clock, random, logger, meter } = this.#core
    const { user } = this.actor
    const subscription = new Subscription({
      conversation,
      user,
      cursor,
      admission: asked ?? new Admission({ conversation, user, engine }),
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
    if (!before) this.#core.arrivals.came(this, conversation)
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
    this.#core.arrivals.went(this, conversation)
  }

  closeAll(): void {
    for (const conversation of [...this.#subscriptions.keys()]) this.close(conversation)
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
