/** One Redis with AOF `always`, three nodes: what can happen to either. */

import { cutCommands, cutSubscribers, forgetScripts, limitMemory, type Stage } from "@everthread/chaos"
import type { FaultNode } from "@everthread/stage"
import { killNodes, type RedisServer, startNodes, startRedis } from "@everthread/stage"
import { again } from "./stage/again.ts"
import { expectCase } from "./stage/expect-case.ts"
import { plan, times } from "./stage/plan.ts"

let redis: RedisServer
let nodes: readonly FaultNode[] = []
const stage = (): Stage => ({ redis: redis.url, nodes })

beforeAll(async () => {
  redis = await startRedis()
  nodes = await startNodes(redis.url, ["a", "b", "c"])
})
afterAll(async () => {
  await killNodes(nodes)
  await redis.stop()
})

test("[LOG1] [NOD1] nothing happens: everybody sees the same", async () => {
  await expectCase("nothing happens", stage(), plan(), (scene) => scene.goesOn(times(100)))
})

test("[NOD2] [RUN3] [SUB2] a node is killed: its devices move on, its runs go on elsewhere", async () => {
  const { counts } = await expectCase("a node is killed", stage(), plan(), async (scene) => {
    const node = await scene.speaking()
    await node.kill()
    await scene.goesOn(times(100))
    await node.start()
  })
  expect(counts.attempts).toBeGreaterThan(counts.runs)
})

test("[RUN2] [RUN3] a node is frozen for longer than its lease, and goes on: nothing that it writes lands", async () => {
  const { counts } = await expectCase("a node is frozen", stage(), plan(), async (scene) => {
    const node = await scene.speaking()
    await node.freeze()
    await scene.takenOver(node)
    node.thaw()
    await scene.goesOn(times(100))
  })
  expect(counts.attempts).toBeGreaterThan(counts.runs)
})

test("[ACK1] [LOG7] [STO3] the store is killed and starts again: nothing that was acknowledged is lost", async () => {
  await expectCase("the store is killed", stage(), plan(), async (scene) => {
    await redis.kill()
    await scene.pause(1_000)
    await redis.restart()
    await scene.goesOn(times(50))
  })
})

test("[STO3] [STO7] the store is frozen for three seconds", async () => {
  await expectCase("the store is frozen", stage(), plan(), async (scene) => {
    await redis.freeze()
    await scene.pause(3_000)
    redis.thaw()
    await scene.goesOn(times(50))
  })
})

test("[LOG9] what hears the store is cut off again and again", async () => {
  await expectCase("subscribers are cut off", stage(), plan(), (scene) =>
    again(scene, times(15), () => cutSubscribers(redis)),
  )
})

test("[STO7] [ACK3] what asks the store is cut off again and again", async () => {
  await expectCase("commands are cut off", stage(), plan(), (scene) =>
    again(scene, times(15), () => cutCommands(redis)),
  )
})

test("[STO7] the store forgets the scripts again and again", async () => {
  await expectCase("scripts are forgotten", stage(), plan(), (scene) =>
    again(scene, times(30), () => forgetScripts(redis)),
  )
})

test("[STO2] the store's memory is full, and then it is not", async () => {
  await expectCase("memory is full", stage(), plan(), async (scene) => {
    const free = await limitMemory(redis)
    await scene.refused()
    await free()
    await scene.goesOn(times(50))
  })
})

test("[CON4] [RUN3] nodes are restarted one after the other, and then all at once with the store", async () => {
  await expectCase("all is restarted", stage(), plan(), async (scene) => {
    for (const node of nodes.slice(0, times(2))) {
      await node.drain()
      await node.start()
    }
    await scene.goesOn(times(20))
    await killNodes(nodes)
    await redis.kill()
    await redis.restart()
    await Promise.all(nodes.map((node) => node.start()))
    await scene.goesOn(times(20))
  })
})
