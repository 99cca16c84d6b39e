/**
 * An outbox that survives a reload, and the tab: in IndexedDB, with the writes of each tab kept apart.
 *
 * The outbox in memory is the truth while the tab lives, so whatever fails here (private windows, a disk without room,
 * a database that is blocked or never answers) costs no write unless the tab ends before it is stored. It is said,
 * once, and tried again with the next write.
 */
import { type Clock, type Random, systemClock, systemRandom } from "@everthread/protocol"
import type { WriteFrame } from "../frames.ts"
import { clientLimits } from "../limits.ts"
import type { OutboxStore } from "../outbox-store.ts"
import { type AdoptedWrite, OutboxDatabase } from "./outbox-database.ts"
import { OutboxOwners } from "./outbox-owners.ts"
import { type OpenChannel, platformChannels } from "./tab-channel.ts"
import { platformLocks, type TabLocks } from "./tab-locks.ts"

export interface IndexedDbOutboxOptions {
  /** Called when writes are in memory alone, and again after it had worked in between; without it, a warning. */
  readonly failed?: (error: unknown) => void
  readonly indexedDB?: IDBFactory
  readonly locks?: TabLocks | undefined
  readonly channel?: OpenChannel | undefined
  readonly clock?: Clock
  readonly random?: Random
}

/**
 * @param name who writes, and on which device: those that share a name send each other's writes.
 */
export function indexedDbOutbox(name: string, options: IndexedDbOutboxOptions = {}): OutboxStore {
  return new IndexedDbOutbox(name, options)
}

class IndexedDbOutbox implements OutboxStore {
  readonly #name: string
  readonly #options: IndexedDbOutboxOptions
  readonly #owner: string
  readonly #owners: OutboxOwners
  #begun: Promise<void> | undefined
  #database: Promise<OutboxDatabase> | undefined
  /** What was taken over, until it is all there. */
  #loading: AdoptedWrite[] | undefined
  #found: (frames: readonly WriteFrame[]) => void = () => {}
  #hasFailed = false

  constructor(name: string, options: IndexedDbOutboxOptions) {
    this.#name = name
    this.#options = options
    this.#owner = (options.random ?? systemRandom).id(clientLimits.keyChars)
    this.#owners = new OutboxOwners({
      name,
      owner: this.#owner,
      locks: "locks" in options ? options.locks : platformLocks(),
      channel: "channel" in options ? options.channel : platformChannels(),
      ended: (owner) => this.#adopt(owner),
    })
  }

  watch(found: (frames: readonly WriteFrame[]) => void): void {
    this.#found = found
  }

  /** Rejected after a while: nobody is to wait for a database that hangs. What it gives later comes as found. */
  load(): Promise<readonly WriteFrame[]> {
    const clock = this.#options.clock ?? systemClock
    const loading = this.#load()
    return new Promise((resolve, reject) => {
      const deadline = clock.startTimer(clientLimits.storeDeadlineMs, () => {
        reject(this.#failed(new Error("IndexedDB did not answer in time")))
        void loading.then((frames) => this.#found(frames)).catch(() => {})
      })
      const refuse = (error: unknown) => reject(this.#failed(error))
      loading.then(resolve, refuse).finally(() => clock.stopTimer(deadline))
    })
  }

  async put(frame: WriteFrame): Promise<void> {
    try {
      await (await this.#open()).put(this.#owner, frame)
      this.#hasFailed = false
    } catch (error) {
      throw this.#failed(error)
    }
  }

  async remove(frame: WriteFrame): Promise<void> {
    await (await this.#open()).remove(frame)
  }

  close(): void {
    this.#owners.end()
    void this.#database?.then((database) => database.close()).catch(() => {})
  }

  async #load(): Promise<readonly WriteFrame[]> {
    const loading: AdoptedWrite[] = []
    this.#loading = loading
    try {
      await this.#owners.settle(await (await this.#open()).owners())
    } finally {
      this.#loading = undefined
    }
    return inOrder(loading)
  }

  async #adopt(owner: string): Promise<void> {
    const adopted = await (await this.#open()).adopt(owner, this.#owner)
    if (this.#loading) this.#loading.push(...adopted)
    else this.#found(inOrder(adopted))
  }

  /** Our lock first: what is kept under a name that nobody holds is for the first one who looks. */
  async #open(): Promise<OutboxDatabase> {
    this.#begun ??= this.#owners.begin()
    await this.#begun
    this.#database ??= this.#openDatabase()
    return this.#database
  }

  #openDatabase(): Promise<OutboxDatabase> {
    const forget = () => {
      if (this.#database === opening) this.#database = undefined
    }
    const factory = this.#options.indexedDB ?? (globalThis as { indexedDB?: IDBFactory }).indexedDB
    const opening = factory
      ? OutboxDatabase.open(factory, `everthread outbox ${this.#name}`, forget)
      : Promise.reject(new Error("There is no IndexedDB here"))
    // The next write tries again.
    opening.catch(forget)
    return opening
  }

  #failed(error: unknown): unknown {
    if (!this.#hasFailed) (this.#options.failed ?? warn)(error)
    this.#hasFailed = true
    return error
  }
}

function inOrder(writes: readonly AdoptedWrite[]): WriteFrame[] {
  return [...writes].sort((left, right) => left.place - right.place).map(({ frame }) => frame)
}

function warn(error: unknown): void {
  console.warn("everthread: what is written is in memory alone, and lost if this page ends before it is stored:", error)
}
