/** A server of a durability with the engines of two nodes on it. */
import { openRedisEngine, type RedisEngine } from "@everthread/engine-redis"
import type { RedisConfig } from "@everthread/stage"
import type { Bench } from "../bench.ts"
import { type BenchServer, type ServerDurability, startServer } from "./server.ts"

export interface NodePair {
  readonly server: BenchServer
  readonly nodes: readonly [RedisEngine, RedisEngine]
}

export async function withNodePair<Result>(
  { clock, random }: Bench,
  durability: ServerDurability,
  use: (pair: NodePair) => Promise<Result>,
  config: RedisConfig = {},
): Promise<Result> {
  const server = await startServer(durability, config)
  const open = () => openRedisEngine({ url: server.url, durability, clock, random })
  try {
    const nodes = await Promise.all([open(), open()])
    try {
      return await use({ server, nodes })
    } finally {
      await Promise.all(nodes.map((node) => node.close()))
    }
  } finally {
    await server.stop()
  }
}

/** Every partition's channel. */
export const channelsOf = ({ keys }: RedisEngine): string[] =>
  Array.from({ length: partitions }, (_, partition) => keys.channel(partition))

const partitions = 256
