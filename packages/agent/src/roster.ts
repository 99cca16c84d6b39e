/**
 * Who serves which agents, as this node knows it: what all workers say of themselves, and which of them live.
 *
 * Whether a worker lives is judged as for runs, by its heartbeat and a clock of our own. One that is gone is struck off
 * for everybody; should it have been paused only, it announces itself again when it finds that out. While the store
 * cannot be asked, what was known last stays known.
 */
import type { Announcement, Leases } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"
import { LeaseWatch } from "./lease-watch.ts"
import type { Log } from "./log-line.ts"

export interface RosterParts {
  readonly leases: Pick<Leases, "announce" | "announced" | "withdraw" | "beats">
  readonly clock: Clock
  readonly leaseTtlMs: number
  readonly log: Log
}

export class Roster {
  readonly #parts: RosterParts
  readonly #watch: LeaseWatch
  #others: readonly Announcement[] = []
  /** Agents that are not served by a worker that lives, perhaps, but were lately. */
  #known: readonly string[] = []
  /** Workers of another process with our node's name, and the count they had when we first saw them. */
  readonly #twins = new Map<string, number | "told">()

  constructor(parts: RosterParts) {
    this.#parts = parts
    this.#watch = new LeaseWatch(parts.leaseTtlMs)
  }

  /** Other workers that live. */
  get others(): readonly Announcement[] {
    return this.#others
  }

  /** Every agent that somebody serves or has served lately, `own` in front. */
  names(own: readonly string[]): readonly string[] {
    return [...new Set([...this.served(own), ...this.#known])]
  }

  /** Every agent that somebody serves, `own` in front. */
  served(own: readonly string[]): readonly string[] {
    return [...new Set([...own, ...this.#others.flatMap(({ agents }) => agents)])]
  }

  /** Whether another worker serves it. */
  isServed(agent: string): boolean {
    return this.#others.some(({ agents }) => agents.includes(agent))
  }

  /** Looks who is there. @param how with `announce` it stands there afterwards, with `look` it is left as it was. */
  async refresh(own: Announcement, how: "announce" | "look"): Promise<void> {
    const { leases } = this.#parts
    const { workers, agents } = await leases.announced()
    const others = workers.filter(({ owner }) => owner !== own.owner).sort(byOwner)
    if (how === "announce" && !workers.some((said) => isSame(said, own))) await leases.announce(own)
    const counts = await this.#countsOf(others)
    this.#others = others.filter(({ owner }) => this.#isAlive(owner, counts))
    this.#known = agents
    this.#lookForTwins(own.node, counts)
    for (const gone of others.filter((other) => !this.#others.includes(other))) await leases.withdraw(gone)
  }

  async #countsOf(workers: readonly Announcement[]): Promise<ReadonlyMap<string, number>> {
    const owners = workers.map(({ owner }) => owner)
    this.#watch.keepOnly(new Set(owners))
    return owners.length === 0 ? new Map() : this.#parts.leases.beats(owners)
  }

  #isAlive(owner: string, counts: ReadonlyMap<string, number>): boolean {
    return this.#watch.observe(owner, counts.get(owner) ?? 0, this.#parts.clock.monotonic()) === "alive"
  }

  /** A name that stands still is our own former life, or will soon be gone; one that still beats is somebody else's. */
  #lookForTwins(node: string, counts: ReadonlyMap<string, number>): void {
    for (const { owner } of this.#others.filter((other) => other.node === node)) {
      const count = counts.get(owner) ?? 0
      const first = this.#twins.get(owner) ?? count
      if (first !== "told" && count > first) {
        const text = `another node with the name ${node} is running: nothing is lost by it, but logs, metrics and presence cannot tell the two apart; give each its own system.server_id`
        this.#parts.log({ level: "warn", text })
      }
      this.#twins.set(owner, first === "told" || count > first ? "told" : first)
    }
  }
}

function byOwner(one: Announcement, other: Announcement): number {
  return one.owner < other.owner ? -1 : 1
}

function isSame(one: Announcement, other: Announcement): boolean {
  const facts = ({ owner, node, agents, isFull }: Announcement) => JSON.stringify([owner, node, agents, isFull])
  return facts(one) === facts(other)
}
