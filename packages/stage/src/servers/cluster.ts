/**
 * A Redis Cluster of real servers, formed by the cluster's own commands.
 *
 * Coming up takes two to three seconds, because a new master does not serve for the first two. Nodes that a test has
 * frozen or killed are left out of every question here.
 */
import { agreementOf, holds, selfOf, viewOf } from "./cluster-view.ts"
import { type RedisOptions, type RedisServer, startRedis } from "./redis-server.ts"
import { inSync } from "./replica.ts"
import { moveSlot } from "./slot-move.ts"
import { until } from "./until.ts"

export interface ClusterOptions extends RedisOptions {
  readonly masters?: number
  /** Shared out among the masters in turn. */
  readonly replicas?: number
  /** How long a silent node counts as alive; a master is replaced about twice as long after its death. */
  readonly nodeTimeoutMs?: number
}

const slotCount = 16_384

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { masters = 3, replicas = 3, nodeTimeoutMs = 2_000, ...redis } = options
  const config = { ...redis.config, "cluster-enabled": "yes", "cluster-node-timeout": nodeTimeoutMs }
  const start = () => startRedis({ ...redis, config })
  const nodes = await Promise.all(Array.from({ length: masters + replicas }, start))
  const cluster = new Cluster(nodes.slice(0, masters), nodes.slice(masters))
  await form(cluster)
  return cluster
}

export class Cluster {
  /** As the cluster began. After a failover `masterOf` tells who serves. */
  readonly masters: readonly RedisServer[]
  /** As the cluster began: the one at `i` follows the master at `i % masters.length`. */
  readonly replicas: readonly RedisServer[]

  constructor(masters: readonly RedisServer[], replicas: readonly RedisServer[]) {
    this.masters = masters
    this.replicas = replicas
  }

  get nodes(): readonly RedisServer[] {
    return [...this.masters, ...this.replicas]
  }

  get running(): readonly RedisServer[] {
    return this.nodes.filter(({ state }) => state === "running")
  }

  /** The running master that serves the slot. Waits for one, so after a kill it gives the successor. */
  masterOf(slot: number): Promise<RedisServer> {
    return until(`a master of slot ${slot}`, async () => {
      const selves = await Promise.all(this.running.map(async (server) => ({ server, self: await selfOf(server) })))
      const owners = selves.filter(({ self }) => self.flags.includes("master") && holds(self, slot))
      return owners.sort((left, right) => right.self.epoch - left.self.epoch)[0]?.server
    })
  }

  /** Moves a slot with its keys while clients read and write them; resolves when all nodes know. */
  async moveSlot(slot: number, toMasterIndex: number): Promise<void> {
    const to = this.masters[toMasterIndex]
    if (!to) throw new Error(`there is no master ${toMasterIndex}`)
    await this.moveSlotTo(slot, to)
  }

  /** The same, to whoever is a master now. */
  async moveSlotTo(slot: number, to: RedisServer): Promise<void> {
    await moveSlot(slot, await this.masterOf(slot), to, this.running)
    await this.settled()
  }

  /** Those that run and are masters now. */
  async mastersNow(): Promise<readonly RedisServer[]> {
    const roles = await Promise.all(this.running.map((server) => server.cli("ROLE")))
    return this.running.filter((_, index) => roles[index]?.startsWith("master"))
  }

  /** Resolves when every server that runs is a master or in sync with its own: then the next failover loses no more than a tail. */
  async followed(): Promise<void> {
    await this.settled()
    const masters = await this.mastersNow()
    for (const server of this.running) if (!masters.includes(server)) await inSync(server)
  }

  /** Resolves when all running nodes serve and agree on who has which slots. */
  async settled(): Promise<void> {
    await until("the nodes of a cluster to agree", async () => {
      const [first, ...others] = await Promise.all(this.running.map(agreementOf))
      return first !== undefined && others.every((other) => other === first)
    })
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }
}

/** Gives each master its share of the slots, makes all know all, and attaches the replicas. */
async function form(cluster: Cluster): Promise<void> {
  const { nodes, masters, replicas } = cluster
  await Promise.all(masters.map((master, index) => assignSlots(master, index, masters.length)))
  await Promise.all(nodes.flatMap((node, index) => nodes.slice(index + 1).map((other) => meet(node, other))))
  await Promise.all(nodes.map((node) => allKnown(node, nodes.length)))
  await Promise.all(replicas.map((replica, index) => follow(replica, masters[index % masters.length])))
  await cluster.settled()
}

async function assignSlots(master: RedisServer, index: number, of: number): Promise<void> {
  const first = (share: number) => Math.floor((slotCount * share) / of)
  // Masters with the same epoch would first have to settle which of them has the word.
  await master.cli("CLUSTER", "SET-CONFIG-EPOCH", index + 1)
  await master.cli("CLUSTER", "ADDSLOTSRANGE", first(index), first(index + 1) - 1)
}

function meet(node: RedisServer, other: RedisServer): Promise<string> {
  return node.cli("CLUSTER", "MEET", "127.0.0.1", other.port)
}

async function allKnown(node: RedisServer, count: number): Promise<void> {
  await until("a node to know the others", async () => {
    const view = await viewOf(node)
    return view.length === count && !view.some(({ flags }) => flags.includes("handshake"))
  })
}

async function follow(replica: RedisServer, master: RedisServer | undefined): Promise<void> {
  if (!master) throw new Error("a replica needs a master")
  await replica.cli("CLUSTER", "REPLICATE", (await selfOf(master)).id)
  await inSync(replica)
}
