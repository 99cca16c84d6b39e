/** Two nodes of `everthread serve` over one Redis, as the churn touches them. */
import { FaultNode, type RedisServer, startRedis } from "@everthread/stage"
import type { ChurnNode } from "./contestant.ts"
import { nodeCount } from "./plan.ts"

export interface EverthreadNodes {
  readonly redis: RedisServer
  readonly nodes: readonly ChurnNode[]
  stop(): Promise<void>
}

const names = Array.from({ length: nodeCount }, (_, index) => `churn-${index + 1}`)

/** @param agents the file of each, by its name; without any the stage's own. */
export async function openNodes(agents?: Readonly<Record<string, string>>): Promise<EverthreadNodes> {
  const redis = await startRedis()
  const shared = { redis: redis.url, leaseSeconds: 1, durability: "fsync", ...(agents && { agents }) }
  const nodes = names.map((name) => new FaultNode({ name, ...shared }))
  await Promise.all(nodes.map((node) => node.start()))
  return {
    redis,
    nodes: nodes.map(churnNodeOf),
    async stop() {
      await Promise.all(nodes.map((node) => node.kill()))
      await redis.stop()
    },
  }
}

function churnNodeOf(node: FaultNode): ChurnNode {
  return {
    name: node.name,
    get port() {
      return node.url === undefined ? undefined : Number(new URL(node.url).port)
    },
    start: () => node.start(),
    kill: () => node.kill(),
    freeze: () => node.freeze(),
    thaw: () => node.thaw(),
  }
}
