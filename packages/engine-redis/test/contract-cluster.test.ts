/** The engine on a Redis Cluster of three masters and three replicas keeps the contract that every engine keeps. */
import { startCluster } from "@everthread/stage"
import { contractOn } from "./support/contract-on.ts"

contractOn("Redis Cluster", async () => {
  const cluster = await startCluster()
  const seeds = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`)
  return { url: `redis://${seeds.join(",")}`, stop: () => cluster.stop() }
})
