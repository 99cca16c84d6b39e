/**
 * A listener that does what a node does: it follows the chain, and reads where it was told that it may have missed
 * something. It also holds the engine to its promise: what is told follows what was told before. (SPEC LOG5)
 */
import type { Appended, Engine, LogListener } from "@everthread/engine"
import { startCursor } from "@everthread/protocol"
import { until } from "@everthread/stage"

const page = { entriesMax: 512, charsMax: 1_000_000 }
const retryMs = 20

export class Chain implements LogListener {
  readonly conversation: string
  /** Every entry's text, in order, since the last reset. */
  names: string[] = []
  readonly ephemerals: string[] = []
  /** What did not follow what was told before, though nothing was said to be missed. */
  readonly faults: string[] = []
  cursor = startCursor
  told: string | undefined
  /** Entries that were told of, whether one by one or together. */
  appends = 0
  misses = 0
  resets = 0
  stop: () => void = () => undefined
  readonly #engine: Engine
  /** From the beginning: what is told before the first read, that read covers. */
  #reading = true
  #again = false

  private constructor(engine: Engine, conversation: string) {
    this.#engine = engine
    this.conversation = conversation
  }

  /** Listens, reads what there is, and follows it from there. */
  static async follow(engine: Engine, conversation: string): Promise<Chain> {
    const chain = new Chain(engine, conversation)
    chain.stop = await engine.log.listen(conversation, chain)
    await chain.#read()
    return chain
  }

  appended({ prev, entries }: Appended): void {
    this.appends += entries.length
    if (this.told !== undefined && prev !== this.told) this.faults.push(`${prev} after ${this.told}`)
    this.told = entries.at(-1)?.cursor
    if (this.#reading) this.#again = true
    else if (prev === this.cursor) this.#take(entries)
    else void this.#read()
  }

  ephemeral(_conversation: string, body: string): void {
    this.ephemerals.push(body)
  }

  missed(): void {
    this.misses += 1
    this.told = undefined
    if (this.#reading) this.#again = true
    else void this.#read()
  }

  /** Resolves when the last entry has this text. */
  async endsWith(name: string): Promise<void> {
    await until(`an entry ${name}, after ${this.names.slice(-3)}`, async () => this.names.at(-1) === name)
  }

  async #read(): Promise<void> {
    this.#reading = true
    do {
      this.#again = false
      await this.#readOn().catch(() => this.#pause())
    } while (this.#again)
    this.#reading = false
  }

  async #readOn(): Promise<void> {
    for (let more = true; more; ) {
      const result = await this.#engine.log.read(this.conversation, this.cursor, page)
      if (result.status === "tail") {
        this.#take(result.entries)
        more = result.more
      } else {
        this.resets += 1
        this.cursor = startCursor
        this.names = []
      }
    }
  }

  /** The store is away: as a subscription does, it tries until it is back. */
  #pause(): Promise<void> {
    this.#again = true
    return new Promise((resolve) => void setTimeout(resolve, retryMs))
  }

  #take(entries: Appended["entries"]): void {
    for (const { cursor, body } of entries) {
      this.names.push((JSON.parse(body) as { text: string }).text)
      this.cursor = cursor
    }
  }
}
