/** Some packets are lost: what is sent comes late, and in bursts. */
import { anyOf, wholeIn } from "@everthread/sim"
import type { Deployment, Link } from "../../deployment/deployment.ts"
import type { Nemesis } from "../nemesis.ts"
import { harmNode } from "../take-one.ts"
import { canFilter, drop } from "./packet-filter.ts"

const percent = { least: 5, most: 20 }

export const losePackets: Nemesis = {
  name: "lose-packets",
  about: "5 to 20 % of the packets are lost between a node and its store, or its devices",
  lastsMs: { least: 2_000, most: 8_000 },
  unfit: (deployment) =>
    canFilter(deployment) ? undefined : "packets can be dropped only in a network of the run's own, with iptables",
  begin: (deployment, random) =>
    harmNode(deployment, random, async ({ name }) => {
      const way = anyOf(random, waysOf(deployment, name))
      if (!way) throw new Error(`${name} has no ways`)
      const lost = wholeIn(random, percent.least, percent.most)
      const directions = ["to-server", "to-client"] as const
      const mend = await drop({ port: way.link.port, directions, share: lost / 100 })
      return { what: `${lost} % of the packets lost between it and ${way.to}`, mend }
    }),
}

function waysOf({ toStore, toNode }: Deployment, node: string): { readonly to: string; readonly link: Link }[] {
  const ways = { "the store": toStore.get(node), "its devices": toNode.get(node) }
  return Object.entries(ways).flatMap(([to, link]) => (link ? [{ to, link }] : []))
}
