/**
 * Asks `everthread dev` what there is to see, again and again while somebody looks, and tells it what to do.
 *
 * Every request brings the token that came with the page. A supervisor that was started again has another one.
 */
import type { Clock } from "@everthread/protocol"
import { askServer } from "../account/server.ts"
import { createStore, type Readable } from "../platform/store.ts"
import type { Cluster, NodeAction } from "./cluster.ts"

export interface ClusterView {
  /** `undefined`: nobody has answered yet. */
  readonly cluster: Cluster | undefined
  /** It does not answer any more. */
  readonly isLost: boolean
}

export interface ClusterFeedParts {
  readonly origin: string
  readonly token: string
  readonly clock: Clock
  readonly fetch: typeof fetch
}

/** Soon enough to see a run move. */
const lookMs = 400

export class ClusterFeed implements Readable<ClusterView> {
  readonly #parts: ClusterFeedParts
  readonly #store = createStore<ClusterView>({ cluster: undefined, isLost: false })
  #token: string
  #asked = 0
  /** The number of the request whose answer is shown: an older one that comes later is old news. */
  #shown = 0
  /** Counts up when somebody begins or ends to look: a loop of before then ends. */
  #life = 0

  constructor(parts: ClusterFeedParts) {
    this.#parts = parts
    this.#token = parts.token
  }

  readonly snapshot = (): ClusterView => this.#store.snapshot()
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener)

  /** @returns stops it. */
  run(): () => void {
    const life = ++this.#life
    const look = async () => {
      await this.#ask("cluster", "GET")
      if (this.#life === life) this.#parts.clock.startTimer(lookMs, () => void look())
    }
    void look()
    return () => {
      this.#life++
    }
  }

  /** What cannot be done in the node's present state is not done: the next look shows why. */
  async act(node: string, action: NodeAction): Promise<void> {
    await this.#ask(`nodes/${node}/${action}`, "POST")
  }

  async #ask(path: string, method: "GET" | "POST"): Promise<void> {
    const number = ++this.#asked
    const { origin, fetch } = this.#parts
    try {
      const headers = { "everthread-dev": this.#token }
      const answer = await fetch(`${origin}/dev/${path}`, { method, headers, cache: "no-store" })
      if (answer.status === 403) return await this.#askForToken()
      if (!answer.ok || number < this.#shown) return
      this.#shown = number
      this.#store.set({ cluster: (await answer.json()) as Cluster, isLost: false })
    } catch {
      this.#store.set({ ...this.snapshot(), isLost: true })
    }
  }

  async #askForToken(): Promise<void> {
    const { origin, fetch } = this.#parts
    this.#token = (await askServer(origin, fetch)).dev ?? this.#token
  }
}
