/**
 * Each slot's master, as far as all looks together have shown it.
 *
 * One look may reach nothing but a node that was cut off: it still takes the old master for the master, or is that one. So
 * an owner with an earlier epoch than the one that was seen before is believed only where somebody says so who knows that
 * one with its later epoch, too: a slot that is moved by hand may come to a master with an earlier one.
 *
 * But not for ever: who is cut off from the most of its cluster takes writes for its node timeout at most, and a cluster
 * that was made anew counts from the beginning. After a minute in which nobody has shown the later epoch, what is said counts.
 */
import type { Clock } from "@everthread/protocol"
import { isSame, type ServerAddress } from "../connection/target.ts"
import { type ClusterMaster, type ClusterView, newestOwners } from "./cluster-view.ts"

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
    const newest = newestOwners(views)
    const nowMs = this.#clock.monotonic()
    const owners = new Map<number, ServerAddress>()
    for (const slot of slots) {
      const said = newest(slot)
      if (!said) continue
      const seen = this.#seen.get(slot)
      const owner = seen && isEarlier(said, seen, nowMs) ? newestOwners(asNewAs(seen, views))(slot) : said
      if (owner) this.#seen.set(slot, { address: owner.address, epoch: owner.epoch, atMs: nowMs })
      owners.set(slot, owner?.address ?? seen?.address ?? said.address)
    }
    return owners
  }
}

const isEarlier = (said: ClusterMaster, seen: Seen, nowMs: number): boolean =>
  said.epoch < seen.epoch && nowMs - seen.atMs < rememberedMs

/** @returns what those say who know of everything that we have seen of a slot. */
const asNewAs = ({ address, epoch }: Seen, views: readonly ClusterView[]): ClusterView[] =>
  views.filter(({ masters }) => masters.some((master) => isSame(master.address, address) && master.epoch >= epoch))
