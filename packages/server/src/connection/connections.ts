/**
 * All connections of one node, and the clockwork that watches them: one timer for all, not one for each.
 *
 * Heartbeats are spread: every connection belongs to one of as many groups as a heartbeat has seconds, and
 * each second one group is pinged, so thousands of idle connections never cause a burst.
 */
import type { Clock, Timer } from "@everthread/protocol"
import type { Connection, Registry } from "./connection.ts"
import { addTraffic, addUp, type MeasuredConnection, type NodeTraffic, noTraffic, type Traffic } from "./traffic.ts"

export interface ConnectionsOptions {
  readonly clock: Clock
  readonly heartbeatMs: number
  readonly helloTimeoutMs: number
}

const sweepMs = 1_000

export class Connections implements Registry {
  readonly #options: ConnectionsOptions
  readonly #groups: Set<Connection>[]
  readonly #greeting = new Map<Connection, number>()
  readonly #perUser = new Map<string, Set<Connection>>()
  /** What has gone over connections that have ended, by gateway. */
  readonly #ended = new Map<string, Traffic>()
  /** Streams over HTTP: whoever opened them watches them, and they are only measured here. */
  readonly #streams = new Set<MeasuredConnection>()
  #nextGroup = 0
  #sweptGroup = 0
  #size = 0
  #timer: Timer

  constructor(options: ConnectionsOptions) {
    this.#options = options
    const groups = Math.max(1, Math.round(options.heartbeatMs / sweepMs))
    this.#groups = Array.from({ length: groups }, () => new Set<Connection>())
    this.#timer = this.#schedule()
  }

  get size(): number {
    return this.#size
  }

  /** How many of them have not said hello yet. */
  get greeting(): number {
    return this.#greeting.size
  }

  /** Adds up what all of them, and those before them, have seen. */
  traffic(): NodeTraffic {
    return addUp([...this.#groups.flatMap((group) => [...group]), ...this.#streams], this.#ended)
  }

  /** Counts a stream among its gateway's connections. @returns to be called when it has ended. */
  measure(stream: MeasuredConnection): () => void {
    this.#streams.add(stream)
    return () => {
      if (this.#streams.delete(stream)) this.#remember(stream)
    }
  }

  add(connection: Connection): void {
    this.#groups[this.#nextGroup]?.add(connection)
    this.#nextGroup = (this.#nextGroup + 1) % this.#groups.length
    this.#greeting.set(connection, this.#options.clock.monotonic())
    this.#size++
  }

  connectionsOf(user: string): number {
    return this.#perUser.get(user)?.size ?? 0
  }

  /** Tells users' connections that they belong to other conversations now; no users: maybe everybody does. */
  tellMembership(conversation: string, users: readonly string[]): void {
    for (const user of users) for (const connection of this.#of(user)) connection.membership(conversation)
    if (users.length > 0) return
    for (const user of [...this.#perUser.keys()]) {
      for (const connection of this.#of(user)) connection.membership(undefined)
    }
  }

  #of(user: string): readonly Connection[] {
    return [...(this.#perUser.get(user) ?? [])]
  }

  admitted(connection: Connection, user: string): void {
    this.#greeting.delete(connection)
    this.#perUser.set(user, (this.#perUser.get(user) ?? new Set()).add(connection))
  }

  closed(connection: Connection, user: string | undefined): void {
    this.#greeting.delete(connection)
    for (const group of this.#groups) {
      if (!group.delete(connection)) continue
      this.#size--
      this.#remember(connection)
    }
    if (user === undefined) return
    const own = this.#perUser.get(user)
    own?.delete(connection)
    if (own?.size === 0) this.#perUser.delete(user)
  }

  #remember({ gateway, traffic }: MeasuredConnection): void {
    this.#ended.set(gateway, addTraffic(this.#ended.get(gateway) ?? noTraffic, traffic))
  }

  /** Tells every device to come back elsewhere. */
  drain(): void {
    for (const group of this.#groups) for (const connection of [...group]) connection.drain()
  }

  stop(): void {
    this.#options.clock.stopTimer(this.#timer)
  }

  #schedule(): Timer {
    return this.#options.clock.startTimer(sweepMs, () => {
      this.#sweep()
      this.#timer = this.#schedule()
    })
  }

  #sweep(): void {
    const deadline = this.#options.clock.monotonic() - this.#options.helloTimeoutMs
    for (const [connection, since] of [...this.#greeting]) if (since <= deadline) connection.helloTimeout()
    const group = this.#groups[this.#sweptGroup] ?? new Set()
    this.#sweptGroup = (this.#sweptGroup + 1) % this.#groups.length
    for (const connection of [...group]) {
      connection.checkAssembly()
      connection.heartbeat()
    }
  }
}
