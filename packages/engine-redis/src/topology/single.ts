/** One server, which has to be a master. */
import { EngineError } from "@everthread/engine"
import { notify } from "@everthread/engine/parts"
import type { Link } from "../connection/link.ts"
import type { ServerAddress } from "../connection/target.ts"
import { partitionCount } from "../keys.ts"
import { type KeptLink, keepLink, type LinkOpener } from "./kept-link.ts"
import type { Topology } from "./topology.ts"

const everyPartition = Array.from({ length: partitionCount }, (_, partition) => partition)

/** @throws EngineError if the first connection cannot be made. */
export async function singleTopology(address: ServerAddress, open: LinkOpener): Promise<Topology> {
  const listeners = new Set<() => void>()
  const kept: KeptLink = await keepLink(address, open, () => notify(listeners, (listener) => listener()))
  return {
    kind: "standalone",
    linkOf: (): Link | undefined => kept.link,
    masters: () => [{ address, partitions: everyPartition, link: kept.link }],
    async linkTo() {
      if (kept.link) return kept.link
      throw new EngineError("unavailable", kept.reason)
    },
    suspect: (reason) => kept.link?.close(reason),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    reason: () => kept.reason,
    close: () => kept.close(),
  }
}
