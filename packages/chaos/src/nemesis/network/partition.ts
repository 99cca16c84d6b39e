/**
 * A node and its store do not hear each other, or only one hears the other: what is asked is done and nobody learns of it, or is
 * never asked and nobody says so. Both still believe that they are connected. (SPEC STO7, RUN2)
 */
import type { Deployment, Direction } from "../../deployment/deployment.ts"
import type { Nemesis } from "../nemesis.ts"
import { onlyOn } from "../store/servers.ts"
import { harmNode } from "../take-one.ts"
import { canFilter, drop } from "./packet-filter.ts"

/** Longer than a lease, so that others go on with the node's runs, and longer than a request may take. */
const lastsMs = { least: 1_000, most: 8_000 }

export const partitions: readonly Nemesis[] = [
  partition("partition", "a node and its store do not hear each other", ["to-server", "to-client"]),
  partition("lose-requests", "a node hears its store, which does not hear it", ["to-server"]),
  partition("lose-answers", "a store hears a node, which does not hear what it answers", ["to-client"]),
]

function partition(name: string, about: string, directions: readonly Direction[]): Nemesis {
  return {
    name,
    about,
    lastsMs,
    // There each node finds the servers by itself, and a packet does not say whose it is.
    unfit: onlyOn("redis"),
    begin: (deployment, random) =>
      harmNode(deployment, random, async (node) => {
        const mend = await separate(deployment, node.name, directions)
        const lost = directions.map((direction) => (direction === "to-server" ? "asked" : "was answered")).join(" or ")
        return { what: `nothing that it ${lost} got through${canFilter(deployment) ? " (packets dropped)" : ""}`, mend }
      }),
  }
}

async function separate(
  deployment: Deployment,
  node: string,
  directions: readonly Direction[],
): Promise<() => Promise<void>> {
  const link = deployment.toStore.get(node)
  if (!link) throw new Error(`${node} has no way to the store of its own`)
  if (canFilter(deployment)) return drop({ port: link.port, directions })
  for (const direction of directions) link.hold(direction)
  return async () => link.release()
}
