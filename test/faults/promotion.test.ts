/** A replica that lacks the last seconds becomes the store: what everybody saw and the store has lost comes back, once. */

import type { Stage } from "@everthread/chaos"
import { Forwarder } from "@everthread/chaos"
import type { FaultNode } from "@everthread/stage"
import { killNodes, promote, type RedisServer, startNodes, startRedis, startReplica } from "@everthread/stage"
import { expectCase } from "./stage/expect-case.ts"
import { plan, times } from "./stage/plan.ts"

let master: RedisServer
let way: Forwarder
let nodes: readonly FaultNode[] = []
const stage = (): Stage => ({ redis: way.url, nodes })

beforeAll(async () => {
  master = await startRedis()
  way = await Forwarder.start(master.port)
  nodes = await startNodes(way.url, ["p1", "p2"])
})
afterAll(async () => {
  await killNodes(nodes)
  await way.close()
  await master.stop()
})

/** From here on the replica hears nothing more of its master, and nobody else has heard of it. */
async function fallBehind(): Promise<RedisServer> {
  const replica = await startReplica(master)
  await promote(replica)
  return replica
}

async function replaceBy(replica: RedisServer): Promise<void> {
  await master.kill()
  way.leadTo(replica.port)
  await master.stop()
  master = replica
}

const once = { resetsMax: 1, resetsMin: 1 }

test("[LIN1] [LIN2] [RUN2] [RUN3] every device starts over once, and sends again what is lost", async () => {
  const lossy = plan({ rollback: true })
  const { counts } = await expectCase("a replica without the tail", stage(), lossy, async (scene) => {
    await scene.speaking()
    const replica = await fallBehind()
    await scene.goesOn(times(60))
    await replaceBy(replica)
    await scene.goesOn(times(60))
  })
  expect(counts).toMatchObject(once)
  expect(counts.resent).toBeGreaterThan(0)
})

test("[LIN1] [LIN2] so do those who come when the new history is already longer than theirs was", async () => {
  const lossy = plan({ rollback: true })
  const { counts } = await expectCase("a replica that has grown since", stage(), lossy, async (scene) => {
    const replica = await fallBehind()
    await scene.goesOn(times(60))
    const letCome = scene.holdBack()
    await killNodes(nodes)
    await replaceBy(replica)
    await Promise.all(nodes.map((node) => node.start()))
    await scene.overtaken()
    letCome()
    await scene.goesOn(times(60))
  })
  expect(counts).toMatchObject(once)
})
