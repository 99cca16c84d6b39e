/** One server, which has to be a master. */
import { listenerSet } from "@everthread/engine/parts"
import type { Link } from "../connection/link.ts"
import type { ServerAddress } from "../connection/target.ts"
import { everyPartition } from "../keys.ts"
import { keepLink, type LinkOpener } from "./kept-link.ts"
import type { Topology } from "./topology.ts"

export function singleTopology(address: ServerAddress, opener: LinkOpener): Topology {
  const changed = listenerSet<[]>()
  const kept = keepLink(address, opener, changed.tell)
  return {
    kind: "standalone",
    linkOf: (): Link | undefined => kept.link,
    masters: () => [{ address, partitions: everyPartition, link: kept.link }],
    linkTo: () => kept.link,
    // Nobody but a cluster's node says so; this is none.
    moved: kept.check,
    suspect: kept.check,
    onChange: changed.add,
    isWhole: () => kept.link !== undefined,
    reason: () => kept.reason,
    refusal: () => kept.refusal,
    close: () => kept.close(),
  }
}
