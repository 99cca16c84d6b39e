/**
 * Tells which nodes are gone, by watching their heartbeat counters with a clock of our own.
 *
 * No two machines share a clock here: all that counts is that a counter has not moved for the lease
 * time while *we* were looking. A store that was away has let nobody beat, and whoever is back first must
 * not take the others' silence for their death: so one look adds no more than half the lease time to a
 * silence, however long ago the look before it was. A count of 0 is a node that left in good order, or that
 * the store knows nothing of, so nobody waits for it. (SPEC RUN2, RUN3)
 */
export type NodeState = "alive" | "gone"

interface Sighting {
  readonly count: number
  /** When we last saw this count, by our monotonic clock. */
  readonly seenMs: number
  /** How long it has stood there, as far as we were there to see it. */
  readonly stillMs: number
}

export class LeaseWatch {
  readonly #leaseTtlMs: number
  readonly #seen = new Map<string, Sighting>()

  constructor(leaseTtlMs: number) {
    this.#leaseTtlMs = leaseTtlMs
  }

  /** @param nowMs our monotonic clock. */
  observe(node: string, count: number, nowMs: number): NodeState {
    if (count === 0) return "gone"
    const before = this.#seen.get(node)
    const sinceMs = Math.min(nowMs - (before?.seenMs ?? nowMs), this.#leaseTtlMs / 2)
    const stillMs = before?.count === count ? before.stillMs + sinceMs : 0
    this.#seen.set(node, { count, seenMs: nowMs, stillMs })
    return stillMs >= this.#leaseTtlMs ? "gone" : "alive"
  }

  /** Forgets every node that owns nothing any more; one that comes back gets its full time again. */
  keepOnly(nodes: ReadonlySet<string>): void {
    for (const node of this.#seen.keys()) if (!nodes.has(node)) this.#seen.delete(node)
  }
}
