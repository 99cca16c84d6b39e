/** A replica that lacks the last seconds becomes the store: what everybody saw and the store has lost comes back, once. */
import { promote, type RedisServer, startRedis, startReplica } from "../support/redis/index.ts"
import { expectCase } from "./stage/expect-case.ts"
import { Forwarder } from "./stage/forwarder.ts"
import type { FaultNode } from "./stage/node.ts"
import { killNodes, startNodes } from "./stage/nodes.ts"
import { plan, times } from "./stage/plan.ts"
import type { Stage } from "./stage/scene.ts"

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

test("[LIN1] [LIN2] [RUN2] [RUN3] every device starts over once, and sends again what is lost", async () => {
  const { counts } = await expectCase(
    "a replica without the tail",
    stage(),
    plan({ rollback: true }),
    async (scene) => {
      const replica = await startReplica(master)
      await scene.speaking()
      // From here on it hears nothing more of its master, and nobody else has heard of it.
      await promote(replica)
      await scene.goesOn(times(60))
      await master.kill()
      way.leadTo(replica.port)
      await master.stop()
      master = replica
      await scene.goesOn(times(60))
    },
  )
  expect({ most: counts.resetsMax, fewest: counts.resetsMin }).toEqual({ most: 1, fewest: 1 })
  expect(counts.resent).toBeGreaterThan(0)
})
