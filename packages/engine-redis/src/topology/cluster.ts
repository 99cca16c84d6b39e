/**
 * A Redis Cluster: each partition's slot has a master, and each master one connection for commands.
 *
 * Which master that is, nodes are asked: several of those that are known, and of what they say, now and in the looks
 * before, the newest counts.
 * A redirection counts at once, for its partition alone, until the next look. Looks are taken one at a time, with
 * jitter between them, when there is a reason for one, and every few seconds anyway.
 *
 * Addresses are those that nodes announce. Where the way to a node is another one (NAT), nodes have to be told to
 * announce it; addresses are not translated here.
 */
import { listenerSet } from "@everthread/engine/parts"
import { type ServerAddress, serverName } from "../connection/target.ts"
import { everyPartition, slotOfPartition } from "../keys.ts"
import { type ClusterView, isMasterInAll } from "./cluster-view.ts"
import { type KeptLink, keepLink, type LinkOpener } from "./kept-link.ts"
import { looking } from "./looking.ts"
import { OwnerMemory } from "./owner-memory.ts"
import type { Topology } from "./topology.ts"
import { unique, viewsOf } from "./views.ts"

export interface ClusterSetup {
  readonly seeds: readonly ServerAddress[]
  readonly opener: LinkOpener
  readonly tls: boolean
}

/** Between two looks at least: while a master is away, and the cluster has not replaced it yet. */
const pauseMs = 250
const everyMs = 5_000
const slots = everyPartition.map((partition) => slotOfPartition[partition] ?? -1)

export function clusterTopology({ seeds, opener, tls }: ClusterSetup): Topology {
  const changed = listenerSet<[]>()
  const links = new Map<string, KeptLink>()
  /** By partition. */
  const owners: (KeptLink | undefined)[] = everyPartition.map(() => undefined)
  const memory = new OwnerMemory(opener.clock)
  let known: readonly ServerAddress[] = seeds
  let reason = "the cluster has not been asked yet"
  let isClosed = false
  const look = looking({ clock: opener.clock, random: opener.random, pauseMs, everyMs }, lookOnce)

  async function lookOnce(): Promise<void> {
    const views = await viewsOf({
      known,
      seeds,
      opener,
      tls,
      linkTo: (address) => links.get(serverName(address))?.link,
    })
    if (isClosed) return
    if (views.length === 0) {
      reason = `none of the cluster's nodes answers: ${known.map(serverName).join(", ")}`
      return look.soon()
    }
    adopt(views)
  }

  function adopt(views: readonly ClusterView[]): void {
    const ownersNow = memory.look(views, slots)
    known = unique(views.flatMap(({ nodes }) => nodes))
    reason = "its nodes name no master for some"
    const wanted = new Set<KeptLink>()
    for (const partition of everyPartition) {
      const address = ownersNow.get(slotOfPartition[partition] ?? -1)
      const owner = address && keep(address)
      owners[partition] = owner
      if (owner) wanted.add(owner)
    }
    dropOthers((kept) => wanted.has(kept) || isMasterInAll(views, kept.address))
    if (!isWhole()) look.soon()
    changed.tell()
  }

  function keep(address: ServerAddress): KeptLink {
    const name = serverName(address)
    const kept = links.get(name) ?? keepLink(address, opener, linkChanged)
    links.set(name, kept)
    return kept
  }

  /** A master that was replaced must not be believed when it comes back: what waits for its answer waits no longer. */
  function dropOthers(isWanted: (kept: KeptLink) => boolean): void {
    for (const [name, kept] of links) {
      if (isWanted(kept)) continue
      links.delete(name)
      kept.close("another server is the master now")
    }
  }

  function linkChanged(): void {
    if (!isWhole()) look.soon()
    changed.tell()
  }

  const isWhole = () => owners.every((owner) => owner?.link)

  look.soon()
  return {
    kind: "cluster",
    linkOf: (partition) => owners[partition]?.link,
    masters() {
      const held = new Map<KeptLink, number[]>()
      for (const [partition, owner] of owners.entries()) {
        if (!owner) continue
        const partitions = held.get(owner)
        if (partitions) partitions.push(partition)
        else held.set(owner, [partition])
      }
      return [...held].map(([{ address, link }, partitions]) => ({ address, partitions, link }))
    },
    linkTo: (address) => keep(address).link,
    moved(partition, address) {
      owners[partition] = keep(address)
      look.soon()
    },
    suspect: look.soon,
    onChange: changed.add,
    isWhole,
    reason() {
      const away = owners.find((owner) => owner && !owner.link)
      if (away) return away.reason
      return owners.every(Boolean) ? reason : `the cluster does not serve all slots (${reason})`
    },
    refusal: () => undefined,
    close() {
      isClosed = true
      look.stop()
      for (const kept of links.values()) kept.close()
    },
  }
}
