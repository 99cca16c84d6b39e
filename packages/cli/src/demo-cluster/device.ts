/** One device of the show: the client library over a real WebSocket, and a count of what reaches it. */
import { type Client, type Conversation, createClient } from "@everthread/client"
import type { Clock, Random } from "@everthread/protocol"
import type { ClusterNode, ThreeNodes } from "./cluster.ts"
import { Link } from "./link.ts"
import { Received } from "./received.ts"

export interface DeviceOptions {
  /** As the display calls it. */
  readonly name: string
  readonly user: string
  readonly device: string
  readonly conversation: string
  readonly node: ClusterNode
  readonly nodes: ThreeNodes
  readonly clock: Clock
  readonly random: Random
}

export class Device {
  readonly name: string
  readonly client: Client
  readonly received: Received
  readonly #options: DeviceOptions
  readonly #link: Link
  readonly #listeners = new Set<() => void>()
  #node: ClusterNode

  constructor(options: DeviceOptions) {
    const { name, user, device, node, conversation, clock, random } = options
    this.#options = options
    this.name = name
    this.#node = node
    this.received = new Received(conversation)
    this.#link = new Link({ url: node.url, heard: (frame) => this.received.take(frame) })
    this.client = createClient({ url: node.url, user, device, clock, random, socket: this.#link.sockets })
    this.client.onState(() => this.#changed())
  }

  get conversation(): Conversation {
    return this.client.conversation(this.#options.conversation)
  }

  /** The node that it says it is on, by its own name; before the first welcome, the one that it dials. */
  get node(): ClusterNode {
    const { state } = this.client
    if (state.name !== "open") return this.#node
    return this.#options.nodes.find(({ id }) => id === state.welcome.node) ?? this.#node
  }

  get isCut(): boolean {
    return this.#link.isCut
  }

  /** Is connected and holds everything that was stored. */
  get isLive(): boolean {
    return this.conversation.snapshot().status === "live"
  }

  follow(): void {
    this.conversation.subscribe(() => this.#changed())
  }

  /** Writes without waiting. What the server refuses is missing where everybody's messages are counted. */
  write(text: string): void {
    this.conversation.send(text).catch(() => {})
  }

  cut(): void {
    this.#link.cut()
  }

  /** The network is back, and leads elsewhere. The client goes on with its cursor and what it has not got rid of. */
  comeBack(node: ClusterNode): void {
    this.#node = node
    this.#link.mend(node.url)
    this.client.wake()
  }

  /** Calls `listener` whenever something about it may have changed. @returns stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
