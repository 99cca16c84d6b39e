/**
 * Which tab sends which writes: each tab holds a lock for as long as it lives, and whoever gets the lock of another one
 * knows that it is gone and takes its writes over. So two living tabs never send the same write, and none is left behind.
 *
 * A tab that began later than we did tells us of itself, so that we wait for its end, too. Without locks nobody can
 * know who lives: then everything is everybody's, and what is sent twice is stored once, by its key. (SPEC ACK3)
 */
import type { OpenChannel, TabChannel } from "./tab-channel.ts"
import { type Hold, holdLock, type TabLocks } from "./tab-locks.ts"

export interface OutboxOwnersOptions {
  /** Of the outbox: tabs of another one are nobody here. */
  readonly name: string
  /** This tab among them. */
  readonly owner: string
  readonly locks: TabLocks | undefined
  readonly channel: OpenChannel | undefined
  /** A tab has ended: its writes are to be taken over, before this resolves. */
  ended(owner: string): Promise<void>
}

export class OutboxOwners {
  readonly #options: OutboxOwnersOptions
  readonly #waits = new Map<string, AbortController>()
  #channel: TabChannel | undefined
  #own: Hold | undefined

  constructor(options: OutboxOwnersOptions) {
    this.#options = options
  }

  /** @returns when we have our lock: nothing is to be kept under our name before. */
  async begin(): Promise<void> {
    const { locks, name, owner } = this.#options
    if (!locks) return
    await new Promise<void>((resolve, reject) => {
      this.#own = holdLock(locks, lockName(name, owner), resolve, reject)
    })
    this.#announce()
  }

  /** Takes over what tabs have left that are gone; waits for the end of those that are not. */
  async settle(owners: readonly string[]): Promise<void> {
    for (const owner of owners) await this.#settle(owner)
  }

  end(): void {
    this.#own?.release()
    this.#channel?.close()
    for (const wait of this.#waits.values()) wait.abort()
  }

  #announce(): void {
    const { channel, name, owner } = this.#options
    this.#channel = channel?.(`everthread outbox ${name}`)
    if (!this.#channel) return
    this.#channel.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data === "string") this.#waitFor(data)
    }
    this.#channel.postMessage(owner)
  }

  async #settle(owner: string): Promise<void> {
    const { locks, name, ended } = this.#options
    if (owner === this.#options.owner) return
    if (!locks) return ended(owner)
    await locks.request(lockName(name, owner), { ifAvailable: true }, async (lock) => {
      if (lock) await ended(owner)
      else this.#waitFor(owner)
    })
  }

  #waitFor(owner: string): void {
    const { locks, name, ended } = this.#options
    if (!locks || this.#waits.has(owner)) return
    const wait = new AbortController()
    this.#waits.set(owner, wait)
    const take = async () => {
      this.#waits.delete(owner)
      if (!wait.signal.aborted) await ended(owner)
    }
    // It fails if we end first, or if the database does: then the next tab that loads finds what there is.
    locks.request(lockName(name, owner), { signal: wait.signal }, take).catch(() => {})
  }
}

const lockName = (name: string, owner: string) => `everthread outbox ${name} ${owner}`
