/** A device: the product's client on simulated sockets, and somebody who types on it. */
import { type Client, createClient, memoryOutboxStore, type SocketFactory } from "@everthread/client"
import { nameOf } from "../history/history.ts"
import { WatchedConversation } from "../history/watched-conversation.ts"
import { WireTap } from "../history/wire-tap.ts"
import type { Host } from "../world/host.ts"

export interface SimDeviceSetup {
  readonly user: string
  readonly device: string
  readonly host: Host
  readonly dial: SocketFactory
  readonly nowMs: () => number
}

export class SimDevice {
  readonly user: string
  readonly device: string
  readonly host: Host
  readonly client: Client
  readonly tap = new WireTap()
  readonly #nowMs: () => number
  readonly #watched = new Map<string, WatchedConversation>()

  constructor({ user, device, host, dial, nowMs }: SimDeviceSetup) {
    this.user = user
    this.device = device
    this.host = host
    this.#nowMs = nowMs
    const { clock, random } = host
    const options = { url: "ws://any.node/v1", user, device, clock, random, outbox: memoryOutboxStore() }
    this.client = createClient({ ...options, socket: this.tap.on(dial) })
  }

  get name(): string {
    return nameOf(this)
  }

  follow(conversation: string): WatchedConversation {
    const known = this.#watched.get(conversation)
    const watched = known ?? new WatchedConversation(this.client.conversation(conversation), this.#nowMs)
    this.#watched.set(conversation, watched)
    return watched
  }
}
