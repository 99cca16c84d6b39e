/** Where the subscription to one conversation delivers to: its connection's dialect. */
import type { Cursor, SnapshotReason, WireError } from "@everthread/protocol"
import type { LogFrame } from "../core/log-frame.ts"
import type { Sink } from "../core/subscription-options.ts"
import type { Dialect } from "../gateways/gateway.ts"
import type { Turns } from "./turns.ts"

/** The connection's side that all its sinks share. */
export interface SinkOwner {
  readonly dialect: Dialect
  readonly turns: Turns
  /** The subscription is over. */
  ended(conversation: string): void
}

/** Methods, not closures: there is one of these for every subscription of every idle connection. */
export class ConversationSink implements Sink {
  readonly #owner: SinkOwner
  /** Its owner's, at hand for each frame. */
  readonly #dialect: Dialect
  readonly #conversation: string

  constructor(owner: SinkOwner, conversation: string) {
    this.#owner = owner
    this.#dialect = owner.dialect
    this.#conversation = conversation
  }

  frame(frame: LogFrame): void {
    this.#dialect.deliver(this.#conversation, frame)
  }

  snapshot(reason: SnapshotReason, cursor: Cursor, stateJson: string): void {
    this.#dialect.snapshot(this.#conversation, reason, cursor, stateJson)
  }

  upToDate(cursor: Cursor): void {
    this.#dialect.upToDate(this.#conversation, cursor)
  }

  ephemeral(body: string): void {
    this.#dialect.ephemeral(this.#conversation, body)
  }

  ended(error: WireError): void {
    this.#owner.ended(this.#conversation)
    this.#dialect.unsubscribed(this.#conversation, error)
  }

  turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#owner.turns.take(work)
  }
}
