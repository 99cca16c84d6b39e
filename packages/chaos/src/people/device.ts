/** A device of a user: the real client, which finds any node that is up, and somebody who types on it. */
import { type Client, createClient, type SocketFactory, socketsOf } from "@everthread/client"
import { systemClock } from "@everthread/protocol"
import { nameOf, WatchedConversation, WireTap } from "@everthread/sim"
import { WebSocket } from "ws"

export interface Place {
  /** The address of a node for one more connection of this device. */
  anyNode(device: string): string
}

const dial = socketsOf(WebSocket)

export class Device {
  readonly user: string
  readonly device: string
  readonly client: Client
  readonly tap = new WireTap()
  readonly watched = new Map<string, WatchedConversation>()

  /** @param token where the nodes want one. */
  constructor(user: string, device: string, place: Place, token?: string) {
    this.user = user
    this.device = device
    const toAnyNode: SocketFactory = (_url, handlers) => dial(`${place.anyNode(this.name)}/v1`, handlers)
    const who = { user, device, ...(token === undefined ? {} : { token }) }
    this.client = createClient({ url: "ws://any.node", ...who, socket: this.tap.on(toAnyNode) })
  }

  get name(): string {
    return nameOf(this)
  }

  /** The node that this device is connected to at the moment. */
  get node(): string | undefined {
    const { state } = this.client
    return state.name === "open" ? state.welcome.node : undefined
  }

  follow(conversation: string): WatchedConversation {
    const known = this.watched.get(conversation)
    const watched = known ?? new WatchedConversation(this.client.conversation(conversation), systemClock.monotonic)
    this.watched.set(conversation, watched)
    return watched
  }

  /** How far it has come. */
  seqIn(conversation: string): number {
    return this.follow(conversation).conversation.snapshot().state.seq
  }

  close(): void {
    this.client.close()
  }
}
