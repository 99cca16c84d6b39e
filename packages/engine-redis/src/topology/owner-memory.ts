/**
 * Each slot's master, as far as all looks together have shown it.
 *
 * One look may reach nothing but a node that was cut off: it still takes the old master for the master, or is that one. So
 * an owner with an earlier epoch than one that was seen before is not believed. But not for ever: who is cut off from the
 * most of its cluster takes writes for its node timeout at most, and a cluster that was made anew counts from the beginning.
 * After a minute in which nobody has shown the later epoch, what is said counts.
 */
import type { Clock } from "@everthread/protocol"
import type { ServerAddress } from "../connection/target.ts"
import { type ClusterView, newestOwners } from "./cluster-view.ts"

/** Four times a cluster's node timeout, where nobody has set another one. */
export const rememberedMs = 60_000

interface Seen {
  readonly address: ServerAddress
  readonly epoch: number
  /** By our monotonic clock. */
  readonly atMs: number
}

export class OwnerMemory {
  readonly #clock: Clock
  readonly #seen = new Map<number, Seen>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param slots those that matter. @returns the masters of those that have one, after a look. */
  look(views: readonly ClusterView[], slots: readonly number[]): ReadonlyMap<number, ServerAddress> {
    const ownerOf = newestOwners(views)
    const nowMs = this.#clock.monotonic()
    const owners = new Map<number, ServerAddress>()
    for (const slot of slots) {
      const said = ownerOf(slot)
      const seen = this.#seen.get(slot)
      if (said && isNewest(said.epoch, seen, nowMs)) {
        this.#seen.set(slot, { address: said.address, epoch: said.epoch, atMs: nowMs })
        owners.set(slot, said.address)
      } else if (said && seen) owners.set(slot, seen.address)
    }
    return owners
  }
}

const isNewest = (epoch: number, seen: Seen | undefined, nowMs: number): boolean =>
  !seen || epoch >= seen.epoch || nowMs - seen.atMs >= rememberedMs
