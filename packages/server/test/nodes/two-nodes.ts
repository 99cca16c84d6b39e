/** Two nodes on one Redis, each with an engine of its own, as two machines have them. */
import { openRedisEngine, type RedisEngine } from "@everthread/engine-redis"
import { type RedisServer, startRedis } from "@everthread/stage"
import { type NodeOverrides, startNode, type TestNode } from "../support/start-node.ts"

export interface TwoNodes {
  readonly redis: RedisServer
  readonly a: TestNode
  readonly b: TestNode
  stop(): Promise<void>
}

async function startTwoNodes(overrides: NodeOverrides): Promise<TwoNodes> {
  const redis = await startRedis()
  const engines: RedisEngine[] = []
  const node = async (name: string) => {
    const engine = await openRedisEngine({ url: redis.url })
    engines.push(engine)
    return startNode({ ...overrides, engine, node: name })
  }
  const [a, b] = [await node("node-a"), await node("node-b")]
  return {
    redis,
    a,
    b,
    async stop() {
      await Promise.all([a.stop(), b.stop()])
      await Promise.all(engines.map((engine) => engine.close()))
      await redis.stop()
    },
  }
}

/** Two nodes for the tests of one block. */
export function twoNodes(overrides: NodeOverrides = {}): () => TwoNodes {
  let nodes: TwoNodes | undefined
  beforeAll(async () => {
    nodes = await startTwoNodes(overrides)
  })
  afterAll(() => nodes?.stop())
  return () => {
    if (!nodes) throw new Error("The nodes are there within tests only.")
    return nodes
  }
}
