/** A Redis Cluster of three masters with a replica each, and two nodes. */

import { type Stage, slotsOf } from "@everthread/chaos"
import type { FaultNode } from "@everthread/stage"
import { type Cluster, killNodes, startCluster, startNodes } from "@everthread/stage"
import { expectCase } from "./stage/expect-case.ts"
import { plan, times } from "./stage/plan.ts"

let cluster: Cluster
let nodes: readonly FaultNode[] = []
let redis = ""
const stage = (): Stage => ({ redis, nodes })

beforeAll(async () => {
  cluster = await startCluster()
  redis = `redis://${cluster.masters.map(({ port }) => `127.0.0.1:${port}`).join(",")}`
  nodes = await startNodes(redis, ["k1", "k2"])
})
afterAll(async () => {
  await killNodes(nodes)
  await cluster.stop()
})

test("[STO7] [LOG9] slots move away and back while everybody writes", async () => {
  await expectCase("slots move", stage(), plan(), async ({ crowd, goesOn }) => {
    for (const slot of await slotsOf(cluster, crowd.conversations)) {
      const from = cluster.masters.indexOf(await cluster.masterOf(slot))
      for (const step of [1, 2, 3]) {
        await cluster.moveSlot(slot, (from + step) % cluster.masters.length)
        await goesOn(times(10))
      }
    }
  })
})

test("[LIN1] [LIN2] [STO3] a master is killed, and its replica takes its place", async () => {
  await expectCase(
    "a cluster's master is killed",
    stage(),
    plan({ rollback: true }),
    async ({ crowd, goesOn, speaking }) => {
      const [slot = 0] = await slotsOf(cluster, crowd.conversations)
      const master = await cluster.masterOf(slot)
      await speaking()
      await master.kill()
      await cluster.masterOf(slot)
      await goesOn(times(50))
      await master.restart()
    },
  )
})
