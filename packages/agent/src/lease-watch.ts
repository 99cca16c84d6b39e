/**
 * Tells which nodes are gone, by watching their heartbeat counters with a clock of our own.
 *
 * No two machines share a clock here: all that counts is that a counter has not moved for the lease
 * time since *we* first saw it stand there. A count of 0 is a node that left in good order, or that the
 * store knows nothing of, so nobody waits for it. (SPEC RUN2, RUN3)
 */
export type NodeState = "alive" | "gone"

interface Sighting {
  readonly count: number
  /** When we first saw this count, by our monotonic clock. */
  readonly sinceMs: number
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
    if (before?.count === count) return nowMs - before.sinceMs >= this.#leaseTtlMs ? "gone" : "alive"
    this.#seen.set(node, { count, sinceMs: nowMs })
    return "alive"
  }

  /** Forgets every node that owns nothing any more; one that comes back gets its full time again. */
  keepOnly(nodes: ReadonlySet<string>): void {
    for (const node of this.#seen.keys()) if (!nodes.has(node)) this.#seen.delete(node)
  }
}
