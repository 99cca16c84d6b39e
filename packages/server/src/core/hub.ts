/**
 * This node's view of live conversations: one feed for each that somebody follows or works with.
 *
 * A feed that nobody follows stays for a while, because commands come in bursts; then it goes, so
 * what the hub holds is bounded by what is in use.
 */

import type { EventLog } from "@everthread/engine"
import type { Clock, Cursor, Timer } from "@everthread/protocol"
import { Aliases } from "./aliases.ts"
import { Feed } from "./feed.ts"
import { Gate } from "./gate.ts"
import type { Log } from "./log-sink.ts"
import type { Meter } from "./meter.ts"
import { Pages } from "./pages.ts"

export interface HubOptions {
  readonly log: EventLog
  readonly clock: Clock
  readonly logger: Log
  readonly meter: Meter
  readonly ringCharsMax: number
  readonly idleMs: number
  readonly grown: (conversation: string, head: Cursor) => void
  readonly closed: (conversation: string) => void
}

/** Pages of logs that are read to fill gaps, at once; a page may be some hundred kilobytes. */
const gapReadsMax = 32
/** What is kept of logs for devices that come back together, over all conversations. */
const pagesCharsMax = 8_388_608

export class Hub {
  readonly #options: HubOptions
  readonly #gate = new Gate(gapReadsMax)
  readonly #aliases = new Aliases()
  readonly #pages: Pages
  readonly #feeds = new Map<string, Promise<Feed | undefined>>()
  /** Those of them that are open. */
  readonly #live = new Map<string, Feed>()
  #sweep: Timer | undefined

  constructor(options: HubOptions) {
    this.#options = options
    this.#pages = new Pages(pagesCharsMax, options.clock)
  }

  /** How many conversations are live on this node. */
  get size(): number {
    return this.#feeds.size
  }

  /** @returns the conversation's feed, or `undefined` when there is no such conversation. */
  async feed(conversation: string): Promise<Feed | undefined> {
    this.#sweep ??= this.#options.clock.startTimer(this.#options.idleMs, () => void this.#dropIdle())
    const known = this.#feeds.get(conversation)
    const feed = await (known ?? this.#open(conversation))
    return feed?.closed ? this.feed(conversation) : feed
  }

  /** @returns the conversation's feed if it is live here; it is not opened for this, nor waited for. */
  live(conversation: string): Feed | undefined {
    return this.#live.get(conversation)
  }

  close(): void {
    if (this.#sweep) this.#options.clock.stopTimer(this.#sweep)
    for (const feed of this.#feeds.values()) void feed.then((open) => open?.close()).catch(() => undefined)
    this.#feeds.clear()
    this.#live.clear()
  }

  #open(conversation: string): Promise<Feed | undefined> {
    const { closed, ...options } = this.#options
    const alias = this.#aliases.take()
    const forget = () => {
      if (this.#feeds.get(conversation) === opening) {
        this.#feeds.delete(conversation)
        this.#live.delete(conversation)
      }
      alias.release()
      closed(conversation)
    }
    const opening: Promise<Feed | undefined> = Feed.open({
      ...options,
      conversation,
      alias: alias.number,
      gate: this.#gate,
      pages: this.#pages,
      closed: forget,
    }).then(
      (feed) => {
        // A conversation that does not exist now may exist soon.
        if (!feed) forget()
        else if (!feed.closed && this.#feeds.get(conversation) === opening) this.#live.set(conversation, feed)
        return feed
      },
      (error: unknown) => {
        forget()
        throw error
      },
    )
    this.#feeds.set(conversation, opening)
    return opening
  }

  async #dropIdle(): Promise<void> {
    this.#sweep = undefined
    this.#pages.forgetOld()
    for (const [, opening] of [...this.#feeds]) {
      const feed = await opening.catch(() => undefined)
      if (feed && feed.followers === 0 && !feed.touched()) feed.close()
    }
    if (this.#feeds.size > 0)
      this.#sweep ??= this.#options.clock.startTimer(this.#options.idleMs, () => void this.#dropIdle())
  }
}
