/** What one node of a cluster believes of all of them: `CLUSTER NODES`, read. */
import type { RedisServer } from "./redis-server.ts"

export interface ClusterNode {
  readonly id: string
  readonly port: number
  readonly flags: readonly string[]
  readonly epoch: number
  /** From and to, both included. */
  readonly slots: readonly (readonly [number, number])[]
}

/** Every node that the asked one knows, itself included. */
export async function viewOf(server: RedisServer): Promise<readonly ClusterNode[]> {
  const text = await server.cli("CLUSTER", "NODES")
  return text.trimEnd().split("\n").map(parseNode)
}

/** `<id> <ip>:<port>@<bus port> <flags> <master id> <ping> <pong> <epoch> <link> <slots> …` */
function parseNode(line: string): ClusterNode {
  const [id = "", address = "", flags = "", , , , epoch, , ...slots] = line.split(" ")
  return {
    id,
    port: Number(/:(\d+)/.exec(address)?.[1]),
    flags: flags.split(","),
    epoch: Number(epoch),
    slots: slots.filter((slot) => !slot.startsWith("[")).map(parseSlots),
  }
}

function parseSlots(text: string): readonly [number, number] {
  const [from, to = from] = text.split("-").map(Number)
  return [from ?? Number.NaN, to ?? Number.NaN]
}

export function holds(node: ClusterNode, slot: number): boolean {
  return node.slots.some(([from, to]) => from <= slot && slot <= to)
}

/** What the asked node says of itself. */
export async function selfOf(server: RedisServer): Promise<ClusterNode> {
  const self = (await viewOf(server)).find(({ flags }) => flags.includes("myself"))
  if (!self) throw new Error("a node that does not know itself")
  return self
}

/** @returns who serves which slots as one text that is equal on nodes that agree; `undefined` if the node serves nobody. */
export async function agreementOf(server: RedisServer): Promise<string | undefined> {
  const info = await server.cli("CLUSTER", "INFO")
  if (!info.includes("cluster_state:ok") || !info.includes("cluster_slots_ok:16384")) return undefined
  const masters = (await viewOf(server)).filter(({ slots }) => slots.length > 0)
  return masters
    .map(({ port, slots }) => `${port} ${slots.join(" ")}`)
    .sort()
    .join("\n")
}
