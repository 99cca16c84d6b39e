/** The servers that the saver is tested against, and savers on them. */

import { type Flavour, flavours, startCluster, startRedis } from "@everthread/stage"
import { createClient, createCluster } from "@redis/client"
import {
  nodeRedisClusterRunner,
  nodeRedisRunner,
  RedisSaver,
  type RedisSaverOptions,
  type ScriptRunner,
  scanThreads,
} from "../src/index.ts"

/** A store that was started for a test, with a client that is connected. */
export interface TestStore {
  readonly runner: ScriptRunner
  threads(): AsyncIterable<string>
  /** One command to the server that has the key. */
  command(key: string, ...args: readonly string[]): Promise<unknown>
  /** To every master. */
  all(...args: readonly string[]): Promise<unknown[]>
  stop(): Promise<void>
}

// The data of a test may be lost with its server, and waiting for the disk only makes it slow.
const config = { appendonly: "no" }

export async function startStore(flavour: Flavour = "redis"): Promise<TestStore> {
  const server = await startRedis({ flavour, config })
  const client = await createClient({ url: server.url }).connect()
  return {
    runner: nodeRedisRunner(client),
    threads: () => scanThreads([client]),
    command: (_key, ...args) => client.sendCommand([...args]),
    all: async (...args) => [await client.sendCommand([...args])],
    async stop() {
      client.destroy()
      await server.stop()
    },
  }
}

export async function startClusterStore(): Promise<TestStore> {
  const servers = await startCluster({ replicas: 0, config })
  const cluster = createCluster({ rootNodes: servers.masters.map(({ url }) => ({ url })) })
  await cluster.connect()
  const clients = () => Promise.all(cluster.masters.map((master) => cluster.nodeClient(master)))
  return {
    runner: nodeRedisClusterRunner(cluster),
    async *threads() {
      yield* scanThreads(await clients())
    },
    command: (key, ...args) => cluster.sendCommand(key, false, [...args]),
    all: async (...args) => Promise.all((await clients()).map((client) => client.sendCommand([...args]))),
    async stop() {
      cluster.destroy()
      await servers.stop()
    },
  }
}

export const stores: readonly (readonly [name: string, start: () => Promise<TestStore>])[] = [
  ...flavours.map((flavour) => [flavour, () => startStore(flavour)] as const),
  ["a cluster", startClusterStore],
]

export const saverOn = (store: TestStore, options: RedisSaverOptions = {}): RedisSaver =>
  new RedisSaver(store.runner, { threads: () => store.threads(), ...options })
