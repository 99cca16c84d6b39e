/**
 * A device: the product's client on simulated sockets, and somebody who types on it. Its program may end at any moment and
 * be started again: what it had written and not yet heard of waits in an outbox that outlives it.
 */
import { type Client, createClient, memoryOutboxStore, type OutboxStore, type SocketFactory } from "@everthread/client"
import { type DeviceHistory, nameOf, type Sent } from "../history/history.ts"
import { WatchedConversation } from "../history/watched-conversation.ts"
import { WireTap } from "../history/wire-tap.ts"
import type { Host } from "../world/host.ts"

export interface SimDeviceSetup {
  readonly user: string
  readonly device: string
  /** The process of one life of its program, from 1. */
  readonly host: (life: number) => Host
  readonly dial: (host: Host) => SocketFactory
  readonly nowMs: () => number
  /** What a mutant has instead. */
  readonly outbox?: (kept: OutboxStore) => OutboxStore
}

/** From when the program is started until it ends. */
interface Life {
  readonly host: Host
  readonly client: Client
  readonly tap: WireTap
  readonly watched: Map<string, WatchedConversation>
}

export class SimDevice {
  readonly user: string
  readonly device: string
  readonly #setup: SimDeviceSetup
  readonly #outbox: OutboxStore
  readonly #ended: Life[] = []
  #life: Life
  #isOver = false

  constructor(setup: SimDeviceSetup) {
    const kept = memoryOutboxStore()
    this.#outbox = setup.outbox?.(kept) ?? kept
    this.user = setup.user
    this.device = setup.device
    this.#setup = setup
    this.#life = this.#begin()
  }

  #begin(): Life {
    const { user, device, host: hostOf, dial } = this.#setup
    const host = hostOf(this.#ended.length + 1)
    const tap = new WireTap()
    const { clock, random } = host
    const options = { url: "ws://any.node/v1", user, device, clock, random, outbox: this.#outbox }
    return { host, tap, client: createClient({ ...options, socket: tap.on(dial(host)) }), watched: new Map() }
  }

  get name(): string {
    return nameOf(this)
  }

  get host(): Host {
    return this.#life.host
  }

  get client(): Client {
    return this.#life.client
  }

  end(how: "for good" | "for now"): void {
    this.#life.host.die()
    this.#isOver ||= how === "for good"
  }

  /** Whether nobody will open it again. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Where its program has ended: as if somebody opened it again, and looked at what was open before. */
  startAgain(): void {
    if (!this.host.isDead || this.#isOver) return
    this.#ended.push(this.#life)
    this.#life = this.#begin()
    for (const conversation of this.#ended.at(-1)?.watched.keys() ?? []) this.follow(conversation)
  }

  follow(conversation: string): WatchedConversation {
    const { watched, client } = this.#life
    const known = watched.get(conversation)
    const followed = known ?? new WatchedConversation(client.conversation(conversation), this.#setup.nowMs)
    watched.set(conversation, followed)
    return followed
  }

  /** How many messages were written here, by all programs. */
  written(conversation: string): number {
    const all = [...this.#ended, this.#life].map(({ watched }) => watched.get(conversation)?.written ?? 0)
    return all.reduce((sum, one) => sum + one, 0)
  }

  /** One for each life of the program. */
  async histories(conversation: string): Promise<DeviceHistory[]> {
    const { user, device } = this
    const before = this.#ended.flatMap(({ watched, tap }) => watched.get(conversation)?.sent(tap) ?? [])
    const sent = before.map((one): Sent => ({ ...one, isOfEnded: true }))
    const ended = this.#ended.flatMap(({ watched, tap }) => watched.get(conversation)?.historyOfEnded(tap) ?? [])
    const { tap } = this.#life
    const shown = this.follow(conversation)
    const last = this.#isOver
      ? { ...shown.historyOfEnded(tap), sent: [...sent, ...shown.sent(tap)] }
      : await shown.history(tap, sent)
    return [...ended, last].map((one) => ({ user, device, ...one }))
  }
}
