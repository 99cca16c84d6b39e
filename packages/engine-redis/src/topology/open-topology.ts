/** Finds out what is behind the URL, and follows it. */
import type { ServerAddress, Target } from "../connection/target.ts"
import { clusterTopology } from "./cluster.ts"
import type { LinkOpener } from "./kept-link.ts"
import { assertFits, type Mode, openSeed } from "./seed.ts"
import { sentinelTopology } from "./sentinel.ts"
import { singleTopology } from "./single.ts"
import type { Topology } from "./topology.ts"
import { whole } from "./whole.ts"

export interface TopologySetup {
  readonly target: Target
  /** To servers that store. */
  readonly opener: LinkOpener
  /** To sentinels, who have passwords of their own. */
  readonly sentinels: LinkOpener
  /** How long the first connections may take. */
  readonly deadlineMs: number
}

/**
 * Resolves when every partition has a connection to its master.
 * @throws EngineError `unusable` if what is there may not be used as it is, `unavailable` if it cannot be reached.
 */
export async function openTopology(setup: TopologySetup): Promise<Topology> {
  const { target, opener, sentinels, deadlineMs } = setup
  const first = target.sentinel ? sentinels : opener
  const { link, mode } = await openSeed(target, (address) => first.open(address, () => undefined))
  try {
    await assertFits(target, mode, link)
  } finally {
    link.close()
  }
  const topology = follow(mode, link.address, setup)
  await whole(topology, opener.clock, deadlineMs)
  return topology
}

function follow(mode: Mode, seed: ServerAddress, { target, opener, sentinels }: TopologySetup): Topology {
  const { seeds, sentinel, tls } = target
  if (mode === "cluster") return clusterTopology({ seeds, opener, tls: tls !== undefined })
  if (sentinel) return sentinelTopology({ seeds, name: sentinel.master, opener, asking: sentinels })
  return singleTopology(seed, opener)
}
