/**
 * Nobody reaches a master any more, though it lives: not nodes, not Sentinels, not replicas. Where Sentinels watch, another
 * server takes its place, and it comes back with a history of its own. (SPEC LIN1, LIN3, STO3)
 */

import { anyOf } from "@everthread/sim"
import type { Nemesis } from "../nemesis.ts"
import { holdStore } from "../store/hold-store.ts"
import { mastersOf, nameIn, onlyOn } from "../store/servers.ts"
import { settled } from "../store/successor.ts"
import { canFilter, drop } from "./packet-filter.ts"

const ways = [
  { directions: ["to-server", "to-client"], what: "nobody reached it" },
  { directions: ["to-server"], what: "it heard nobody" },
  { directions: ["to-client"], what: "nobody heard it" },
] as const

const otherStore = onlyOn("sentinel", "cluster")

export const isolateMaster: Nemesis = {
  name: "isolate-master",
  about: "a master is cut off, both ways or one way, from everybody who connects to it",
  lastsMs: { least: 1_500, most: 6_000 },
  unfit: (deployment) =>
    otherStore(deployment) ??
    (canFilter(deployment) ? undefined : "packets can be dropped only in a network of the run's own, with iptables"),
  begin: (deployment, random) =>
    holdStore(deployment, async () => {
      const master = anyOf(random, await mastersOf(deployment))
      const way = anyOf(random, ways)
      if (!master || !way) return undefined
      const letThrough = await drop({ port: master.port, directions: way.directions })
      const heal = async () => {
        await letThrough()
        await settled(deployment)
      }
      return { target: nameIn(deployment, master), what: `${way.what} (packets dropped)`, rollback: true, heal }
    }),
}
