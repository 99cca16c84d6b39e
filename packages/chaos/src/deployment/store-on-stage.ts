/** The stores that a deployment can stand on: real servers, how a node is told of them, and how what they hold is read. */
import type { Engine } from "@everthread/engine"
import { openEmbeddedEngine } from "@everthread/engine-embedded"
import { openRedisEngine } from "@everthread/engine-redis"
import { systemClock } from "@everthread/protocol"
import {
  type FaultNode,
  FaultyDisk,
  type RedisServer,
  startCluster,
  startRedis,
  startSentinels,
  until,
} from "@everthread/stage"
import type { ChaosStore, StoreKind } from "./deployment.ts"
import { FaultLink } from "./fault-link.ts"

export interface StoreOnStage {
  readonly store: ChaosStore
  readonly servers: ReadonlyMap<string, RedisServer>
  /** Where all find it; `undefined`: it is a folder of the only node. */
  readonly url: string | undefined
  stop(): Promise<void>
}

const starters: Readonly<Record<StoreKind, () => Promise<StoreOnStage>>> = {
  async redis() {
    const server = await startRedis({ disk: await FaultyDisk.make() })
    const servers = new Map([["redis", server]])
    return { store: { kind: "redis", server }, servers, url: server.url, stop: () => server.stop() }
  },
  async sentinel() {
    const group = await startSentinels()
    const url = `redis://${addresses(group.sentinels)}?sentinel=${group.name}`
    const servers = new Map([...named("redis", group.servers), ...named("sentinel", group.sentinels)])
    return { store: { kind: "sentinel", group }, servers, url, stop: () => group.stop() }
  },
  async cluster() {
    const cluster = await startCluster()
    const url = `redis://${addresses(cluster.masters)}`
    return {
      store: { kind: "cluster", cluster },
      servers: named("redis", cluster.nodes),
      url,
      stop: () => cluster.stop(),
    }
  },
  async embedded() {
    return { store: { kind: "embedded" }, servers: new Map(), url: undefined, stop: async () => undefined }
  },
}

export const startStore = (kind: StoreKind): Promise<StoreOnStage> => starters[kind]()

const addresses = (servers: readonly RedisServer[]) => servers.map(({ port }) => `127.0.0.1:${port}`).join(",")

const named = (name: string, servers: readonly RedisServer[]) =>
  new Map(servers.map((server, index) => [`${name}-${index + 1}`, server] as const))

/** Where one Redis is at one address, each node gets there on a way of its own. @returns nothing where the store names addresses. */
export async function waysToStore({ store }: StoreOnStage, nodes: readonly string[]): Promise<Map<string, FaultLink>> {
  const ways = new Map<string, FaultLink>()
  if (store.kind !== "redis") return ways
  for (const node of nodes) ways.set(node, await FaultLink.start(() => store.server.port))
  return ways
}

/** Opens the store to read it. It writes nothing, so any durability is enough. */
export function openToRead({ url }: Pick<StoreOnStage, "url">, node: FaultNode | undefined): Promise<Engine> {
  return until("the store to be open", async () => {
    if (url !== undefined) return openRedisEngine({ url, durability: "memory" })
    if (node === undefined) throw new Error("there is no store")
    return openEmbeddedEngine({ folder: node.dataFolder, clock: systemClock })
  })
}
