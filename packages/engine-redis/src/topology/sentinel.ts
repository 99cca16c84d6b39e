/**
 * One master that sentinels watch over.
 *
 * All of them are asked every second, and whenever one tells of a switch; the opinion with the latest epoch counts.
 * On a switch the connection to the old master is closed at once: it may only have been frozen, and would believe
 * itself a master for a moment when it wakes up. The new one counts when it says itself that it is a master.
 */

import { EngineError } from "@everthread/engine"
import { listenerSet } from "@everthread/engine/parts"
import { isSame, type Target } from "../connection/target.ts"
import { everyPartition } from "../keys.ts"
import { type KeptLink, keepLink, type LinkOpener } from "./kept-link.ts"
import { looking } from "./looking.ts"
import { newestOf, type Opinion, sentinelsOf } from "./sentinels.ts"
import type { Topology } from "./topology.ts"

export interface SentinelSetup {
  readonly seeds: Target["seeds"]
  /** What the sentinels call the master. */
  readonly name: string
  /** To servers that store. */
  readonly opener: LinkOpener
  /** To sentinels. */
  readonly asking: LinkOpener
}

/** Between two questions at least. */
const pauseMs = 50
const everyMs = 1_000
/** Sentinels tell each other what they know every two seconds. */
const toldWithinMs = 10_000

export function sentinelTopology({ seeds, name, opener, asking }: SentinelSetup): Topology {
  const changed = listenerSet<[]>()
  const look = looking({ clock: opener.clock, random: opener.random, pauseMs, everyMs }, lookOnce)
  const sentinels = sentinelsOf(seeds, name, asking, look.soon)
  let kept: KeptLink | undefined
  let newestEpoch = 0
  let olderSince: number | undefined
  let reason = "no sentinel has been asked yet"
  let refusal: EngineError | undefined
  let isClosed = false

  async function lookOnce(): Promise<void> {
    const opinions = await sentinels.ask()
    if (isClosed) return
    const newest = newestOf(opinions)
    if (!newest) complain()
    else if (newest.epoch >= newestEpoch || isForgotten(opinions)) adopt(newest)
  }

  /**
   * Whoever says less than was heard before has not heard it yet: one sentinel knows first, and may be late the next
   * time. Only if most have said no more for so long that they would have been told, they have forgotten it.
   */
  function isForgotten(opinions: readonly Opinion[]): boolean {
    if (opinions.length <= sentinels.count / 2) return false
    olderSince ??= opener.clock.monotonic()
    return opener.clock.monotonic() - olderSince >= toldWithinMs
  }

  function adopt({ master, epoch }: Opinion): void {
    newestEpoch = epoch
    olderSince = undefined
    refusal = undefined
    if (kept && isSame(kept.address, master)) return
    if (kept) opener.reconnected()
    kept?.close("the sentinels name another master")
    kept = keepLink(master, opener, linkChanged)
    changed.tell()
  }

  function complain(): void {
    reason = sentinels.isNameUnknown
      ? `the sentinels know no master named ${JSON.stringify(name)}`
      : `no sentinel answers: ${sentinels.description}`
    refusal = sentinels.isNameUnknown
      ? new EngineError("unusable", `${reason}: see ?sentinel= in redis.url.`)
      : undefined
    changed.tell()
  }

  function linkChanged(): void {
    if (!kept?.link) look.soon()
    changed.tell()
  }

  function suspect(): void {
    kept?.check()
    look.soon()
  }

  look.soon()
  return {
    kind: "sentinel",
    linkOf: () => kept?.link,
    masters: () => (kept ? [{ address: kept.address, partitions: everyPartition, link: kept.link }] : []),
    linkTo: () => kept?.link,
    // Nobody but a cluster's node says so; this is none.
    moved: suspect,
    suspect,
    onChange: changed.add,
    isWhole: () => kept?.link !== undefined,
    reason: () => kept?.reason ?? reason,
    refusal: () => refusal ?? kept?.refusal,
    close() {
      isClosed = true
      look.stop()
      sentinels.close()
      kept?.close()
    },
  }
}
