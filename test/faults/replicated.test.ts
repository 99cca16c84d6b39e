/** Durability `replicated`: an acknowledgement waits for a replica, so a master that dies takes nothing along. */

import type { FaultNode } from "@everthread/stage"
import { killNodes, type SentinelGroup, startNodes, startSentinels } from "@everthread/stage"
import { expectCase } from "./stage/expect-case.ts"
import { plan, times } from "./stage/plan.ts"

let group: SentinelGroup
let nodes: readonly FaultNode[] = []
let redis = ""

beforeAll(async () => {
  group = await startSentinels()
  redis = `redis://${group.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",")}?sentinel=${group.name}`
  nodes = await startNodes(redis, ["r1", "r2"], "replicated")
})
afterAll(async () => {
  await killNodes(nodes)
  await group.stop()
})

test("[STO5] [ACK1] the master is killed: nobody is told to start over, and nothing is lost", async () => {
  await expectCase("a replicated master is killed", { redis, nodes }, plan(), async (scene) => {
    const before = await group.master()
    await scene.speaking()
    await before.kill()
    await group.master()
    await scene.goesOn(times(50))
    await before.restart()
  })
})
