/**
 * One connection of a stock client: commands to the core's commands, the thread's log to events.
 *
 * Who it is stands in the request that opened it, so there is no hello. What it sends meanwhile waits.
 */
import {
  type CloseCode,
  type ConversationState,
  type Cursor,
  closeCodeOf,
  type SnapshotReason,
  type WireError,
  wireError,
} from "@everthread/protocol"
import { type Answer, endOf, failure, success } from "@everthread/protocol/langgraph"
import { textFrame } from "../../connection/ws-frame.ts"
import { stateForMember } from "../../core/commands/access.ts"
import type { LogFrame } from "../../core/log-frame.ts"
import { done, type Outcome, type Refused, refused } from "../../core/outcome.ts"
import { servedNames } from "../../core/served-agents.ts"
import type { Dialect, Opening, Peer } from "../gateway.ts"
import { checkedParams } from "../stock/checked-params.ts"
import { claimOf } from "../stock/claim-of.ts"
import { enter } from "../stock/entrance.ts"
import { guarded } from "../stock/guarded.ts"
import { asContext, type ThreadPort, threadPort } from "../stock/thread-port.ts"
import { executeStock, readStockCommand, type StockCommand } from "./commands/commands.ts"
import { webSocketFraming } from "./events/encode.ts"
import { EventStream } from "./events/event-stream.ts"
import { filterOf, filterSchema, tooLarge } from "./events/filter.ts"
import { stockDevice } from "./identity.ts"
import { threadOfPath } from "./thread-names.ts"

/** Subscriptions of one connection: a page with a panel for each of many subgraphs has some dozens. */
const subscriptionsMax = 256

export class LangGraphDialect implements Dialect {
  readonly stateful = true
  readonly #peer: Peer
  readonly #stream: EventStream
  /** Resolves when it is known who this is; `undefined`: they were let go. */
  readonly #admitted: Promise<ThreadPort | undefined>
  #made = 0

  constructor(peer: Peer, opening: Opening) {
    this.#peer = peer
    const thread = threadOfPath(opening.url.split("?", 1)[0] ?? "") ?? ""
    this.#stream = new EventStream({
      framing: webSocketFraming,
      send: (bytes) => peer.send(bytes),
      follow: (cursor) => this.#follow(thread, cursor),
      unfollow: () => peer.unsubscribe(thread),
    })
    this.#admitted = this.#admit(thread, opening)
  }

  async receive(text: string): Promise<void> {
    const port = await this.#admitted
    if (!port) return
    const read = readStockCommand(text)
    if (!read.ok) return this.#fail(read.id, read.error)
    const outcome = await guarded(port.core, () => this.#handle(port, read.command))
    if (outcome.ok) {
      this.#send(success(read.command.id, outcome.result))
      return outcome.after?.()
    }
    // Who is no member is told so and stays: stock clients whose socket is closed come back, again and again.
    this.#fail(read.command.id, outcome.error)
  }

  pong(): void {}

  error(error: WireError): Uint8Array {
    return textFrame(JSON.stringify(failure(null, error)))
  }

  closed(): void {}

  deliver(conversation: string, frame: LogFrame): void {
    this.#stream.deliver(conversation, frame)
  }

  snapshot(_conversation: string, reason: SnapshotReason, cursor: Cursor, stateJson: string): void {
    this.#stream.snapshot(reason, cursor, JSON.parse(stateJson) as ConversationState)
  }

  upToDate(_conversation: string, cursor: Cursor): void {
    this.#stream.upToDate(cursor)
  }

  ephemeral(): void {}

  /** The connection is for this thread and no other. */
  unsubscribed(_conversation: string, error: WireError): void {
    this.#fail(null, error)
    this.#peer.close(error.code === "not_member" ? 4403 : (closeCodeOf[error.code] ?? 4500), error.code)
  }

  async #admit(thread: string, opening: Opening): Promise<ThreadPort | undefined> {
    const { core } = this.#peer
    const claim = claimOf(opening, core.authRequired, stockDevice)
    const admission = claim.ok ? await this.#peer.admit(claim.result) : claim
    if (admission.ok) return threadPort(core, admission.result.actor, thread)
    // Not in the step in which the connection is being made.
    await Promise.resolve()
    this.#refuse(admission)
    return undefined
  }

  #refuse({ error, close }: Refused): void {
    this.#fail(null, error)
    const code: CloseCode = close ?? closeCodeOf[error.code] ?? 4400
    this.#peer.close(code, error.code)
  }

  #handle(port: ThreadPort, command: StockCommand): Promise<Outcome<Answer>> {
    switch (command.method) {
      case "subscription.subscribe":
        return this.#subscribe(port, command)
      case "subscription.unsubscribe":
        return this.#unsubscribe(command)
      default:
        return executeStock(port, command)
    }
  }

  /** The answer goes out before the replay: the client keeps events under the subscription's id. (SPEC LGR3) */
  async #subscribe(port: ThreadPort, { params }: StockCommand): Promise<Outcome<Answer>> {
    const filter = checkedParams(filterSchema, params)
    if (!filter.ok) return filter
    const { filters } = this.#stream
    if (filters.length >= subscriptionsMax) return tooMany()
    const wanted = filterOf(filter.result)
    const tooMuch = tooLarge([...filters, wanted])
    if (tooMuch) return tooMuch
    const entered = await enter(port, (await servedNames(port.core.agents))[0])
    if (!entered.ok) return entered
    const state = await stateForMember(asContext(port), port.thread)
    if (!state.ok) return state
    const id = `subscription-${++this.#made}`
    const answer = { result: { subscription_id: id }, throughPosition: endOf(state.result.seq) }
    return done(answer, () => this.#stream.add(id, wanted, state.result))
  }

  async #unsubscribe({ params }: StockCommand): Promise<Outcome<Answer>> {
    const id = params["subscription_id"]
    if (typeof id === "string" && this.#stream.remove(id)) return done({ result: {} })
    const message = "subscription_id: this connection has no such subscription"
    return refused("not_subscribed", { field: "subscription_id", message })
  }

  #follow(thread: string, cursor: Cursor | undefined): void {
    const followed = this.#peer.subscribe(thread, cursor)
    if (followed.ok) followed.result.start()
    else this.#refuse(followed)
  }

  #fail(id: number | null, error: WireError): void {
    this.#peer.core.meter.errorSent(error.code)
    this.#send(failure(id, error))
  }

  #send(frame: object): void {
    this.#peer.send(textFrame(JSON.stringify(frame)))
  }
}

function tooMany(): Refused {
  const message = `One connection may have at most ${subscriptionsMax} subscriptions; unsubscribe from one first.`
  return { ok: false, error: wireError("limit_reached", { limit: subscriptionsMax, message }) }
}
