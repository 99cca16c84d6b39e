/**
 * What one node of a cluster believes: which master serves which slots, since which configuration epoch, and at
 * which address clients are to connect to it.
 *
 * Two questions, because neither answer has all of it: `CLUSTER NODES` has the epochs, `CLUSTER SHARDS` the
 * addresses that were announced to clients, with the port that is for TLS.
 */
import type { Link, Reply } from "../connection/link.ts"
import { isSame, type ServerAddress } from "../connection/target.ts"

/** One that has failed is one until another has its slots; one without slots may be about to get some. */
export interface ClusterMaster {
  readonly address: ServerAddress
  readonly epoch: number
  /** From and to, both included. */
  readonly slots: readonly (readonly [from: number, to: number])[]
}

export interface ClusterView {
  readonly masters: readonly ClusterMaster[]
  /** Every node that can be asked, replicas too. */
  readonly nodes: readonly ServerAddress[]
}

/** @throws whatever kept it from answering. */
export async function askView(link: Link, tls: boolean): Promise<ClusterView> {
  const [nodes, shards] = await Promise.all([link.send(["CLUSTER", "NODES"]), link.send(["CLUSTER", "SHARDS"])])
  return viewFrom(String(nodes), shards, link.address, tls)
}

/** @param asked the address of the node that answered: a node that does not know its own is meant by it. */
function viewFrom(nodes: string, shards: Reply, asked: ServerAddress, tls: boolean): ClusterView {
  const announced = announcedIn(shards, asked, tls)
  const known = nodes
    .trimEnd()
    .split("\n")
    .map(parseNode)
    .filter(({ flags }) => !flags.some((flag) => useless.has(flag)))
    .map((node) => ({
      ...node,
      address: announced.get(node.id) ?? { ...node.address, host: node.address.host || asked.host },
    }))
  return {
    masters: known.filter(({ flags }) => flags.includes("master")),
    nodes: known.filter(({ flags }) => !flags.includes("fail")).map(({ address }) => address),
  }
}

/** Such a node is not yet, or no longer, a part of the cluster. */
const useless = new Set(["handshake", "noaddr"])

/** `<id> <ip>:<port>@<bus port>[,<hostname>] <flags> <master> <ping> <pong> <epoch> <link> <slots> …` */
function parseNode(line: string) {
  const [id = "", place = "", flags = "", , , , epoch, , ...slots] = line.trimEnd().split(" ")
  const [, host = "", port] = /^(.*):(\d+)@/.exec(place) ?? []
  return {
    id,
    address: { host, port: Number(port) },
    flags: flags.split(","),
    epoch: Number(epoch),
    // `[93->-…]` is a slot that is under way: it still counts as where it was.
    slots: slots.filter((text) => !text.startsWith("[")).map(parseSlots),
  }
}

function parseSlots(text: string): readonly [number, number] {
  const [from = Number.NaN, to = from] = text.split("-").map(Number)
  return [from, to]
}

function announcedIn(shards: Reply, asked: ServerAddress, tls: boolean): Map<string, ServerAddress> {
  const announced = new Map<string, ServerAddress>()
  for (const shard of shards as readonly { readonly nodes: readonly { readonly [key: string]: Reply }[] }[]) {
    for (const node of shard.nodes) {
      const port = node[tls ? "tls-port" : "port"]
      if (port === undefined) continue
      announced.set(String(node["id"]), {
        host: hostOf(node["endpoint"]) ?? hostOf(node["ip"]) ?? asked.host,
        port: Number(port),
      })
    }
  }
  return announced
}

/** `?` stands for a host that should have a name and has none; nothing, or null, for "where you are connected to". */
const hostOf = (value: Reply | undefined): string | undefined =>
  typeof value === "string" && value !== "" && value !== "?" ? value : undefined

/** @returns each slot's master in what several nodes said: of two that claim a slot, the one with the later epoch. */
export function newestOwners(views: readonly ClusterView[]): (slot: number) => ClusterMaster | undefined {
  const masters = views.flatMap((view) => view.masters).sort((left, right) => right.epoch - left.epoch)
  return (slot) => masters.find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to))
}

/** @returns whether all that were asked take the server at this address for a master. */
export const isMasterInAll = (views: readonly ClusterView[], address: ServerAddress): boolean =>
  views.every(({ masters }) => masters.some((master) => isSame(master.address, address)))
