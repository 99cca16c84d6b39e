/** A device of the show: the client library over real WebSockets, to any node that is up, and what it shows. */
import { type Client, type Conversation, createClient } from "@everthread/client"
import type { Clock, Random } from "@everthread/protocol"
import { wsSockets } from "../chat/ws-sockets.ts"
import type { ShowNode } from "./show-node.ts"
import { Shown } from "./shown.ts"

export interface SpectatorOptions {
  /** As the display calls it. */
  readonly name: string
  readonly user: string
  readonly conversation: string
  readonly nodes: readonly ShowNode[]
  /** Which of them it connects to first; from then on to the next one that is up. */
  readonly first: number
  /** As it is told when nothing happens. */
  readonly story: readonly string[]
  readonly clock: Clock
  readonly random: Random
}

const nowhere = "ws://127.0.0.1:1"

export class Spectator {
  readonly name: string
  readonly client: Client
  readonly shown: Shown
  readonly #options: SpectatorOptions
  readonly #listeners = new Set<() => void>()
  #dials = 0
  /** When there was last more of the story, by the monotonic clock. */
  heardAtMs = 0

  constructor(options: SpectatorOptions) {
    const { name, user, clock, random, story } = options
    this.#options = options
    this.name = name
    this.shown = new Shown(story)
    this.client = createClient({
      ...{ url: nowhere, user, device: name, clock, random },
      socket: (_url, handlers) => wsSockets(this.#nextUrl(), handlers),
    })
    this.client.onState(() => this.#changed())
  }

  get conversation(): Conversation {
    return this.client.conversation(this.#options.conversation)
  }

  /** The number of the node that it is connected to, by what the node says; `undefined`: to none at the moment. */
  get node(): number | undefined {
    const { state } = this.client
    if (state.name !== "open") return undefined
    return this.#options.nodes.find(({ id }) => id === state.welcome.node)?.number
  }

  get isLive(): boolean {
    return this.conversation.snapshot().status === "live"
  }

  follow(): void {
    void this.#watch()
  }

  /** Calls `listener` whenever something about it may have changed. @returns stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #watch(): Promise<void> {
    const { clock } = this.#options
    this.conversation.subscribe(() => this.#changed())
    for await (const update of this.conversation.events()) {
      const before = this.shown.chapters.join().length
      this.shown.take(update)
      if (this.shown.chapters.join().length > before) this.heardAtMs = clock.monotonic()
      this.#changed()
    }
  }

  #nextUrl(): string {
    const { nodes, first } = this.#options
    const urls = nodes.map((_, index) => nodes[(first + this.#dials + index) % nodes.length]?.url)
    this.#dials += 1
    return urls.find((url) => url !== undefined) ?? nowhere
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
