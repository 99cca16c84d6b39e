/** A master, two replicas and three Sentinels, and two nodes that follow whom they name. */

import type { Stage } from "@everthread/chaos"
import type { FaultNode } from "@everthread/stage"
import { killNodes, type SentinelGroup, startNodes, startSentinels } from "@everthread/stage"
import { expectCase } from "./stage/expect-case.ts"
import { plan, times } from "./stage/plan.ts"

let group: SentinelGroup
let nodes: readonly FaultNode[] = []
let redis = ""
const stage = (): Stage => ({ redis, nodes })
/** Replication waits for nobody, so a failover may lose what was acknowledged: the devices bring it back. */
const lossy = () => plan({ rollback: true })

beforeAll(async () => {
  group = await startSentinels()
  redis = `redis://${group.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",")}?sentinel=${group.name}`
  nodes = await startNodes(redis, ["s1", "s2"])
})
afterAll(async () => {
  await killNodes(nodes)
  await group.stop()
})

test("[LIN1] [LIN2] [STO3] a planned failover while everybody writes", async () => {
  await expectCase("a planned failover", stage(), lossy(), async (scene) => {
    await group.failOver()
    await scene.goesOn(times(50))
  })
})

test("[LIN1] [LIN2] [STO3] the master is killed", async () => {
  await expectCase("a master is killed", stage(), lossy(), async (scene) => {
    const before = await group.master()
    await scene.speaking()
    await before.kill()
    await group.master()
    await scene.goesOn(times(50))
    await before.restart()
  })
})

test("[LIN1] [LIN3] [RUN2] the master is frozen, replaced, and goes on: what it says then stays nowhere", async () => {
  await expectCase("a master is frozen and comes back", stage(), lossy(), async (scene) => {
    const before = await group.master()
    await scene.speaking()
    await before.freeze()
    await group.master()
    await scene.goesOn(times(20))
    before.thaw()
    await scene.goesOn(times(50))
  })
})
