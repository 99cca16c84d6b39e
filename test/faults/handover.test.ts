/** Ends that are no surprise: in good order, of everything at once, and again and again. */
import { fileURLToPath } from "node:url"
import { Device, NodePlace } from "@everthread/chaos"
import { openRedisEngine } from "@everthread/engine-redis"
import { systemRandom } from "@everthread/protocol"
import { FaultNode, killNodes, type NodeOptions, type RedisServer, startRedis, until } from "@everthread/stage"
import { judgeTalks } from "./stage/judge-talks.ts"
import { answer } from "./stage/steps-script.mjs"
import { Talk } from "./stage/talk.ts"
import { Watcher } from "./stage/watcher.ts"

const file = (name: string) => fileURLToPath(new URL(`stage/${name}.mjs`, import.meta.url))
const agents = { steps: file("steps"), doomed: file("doomed") }
/** Whoever waited for it would wait in vain: a test takes less. */
const longLeaseSeconds = 60
const attempts = 3

let redis: RedisServer
let watcher: Watcher
let nodes: FaultNode[] = []
let followers: Device[] = []

beforeAll(async () => {
  redis = await startRedis()
  watcher = await Watcher.start()
})
afterEach(async () => {
  for (const follower of followers) follower.close()
  await killNodes(nodes)
  nodes = []
  followers = []
})
afterAll(async () => {
  await watcher.close()
  await redis.stop()
})

/** Nodes of one test, and a device that follows what happens on them. */
async function stage(count: number, more: Partial<NodeOptions>) {
  const name = systemRandom.id(4)
  const options = { leaseSeconds: 1, agents, attempts, env: watcher.env, ...more }
  nodes = Array.from({ length: count }, (_, index) => new FaultNode({ ...options, name: `${name}-${index + 1}` }))
  await Promise.all(nodes.map((node) => node.start()))
  const place = new NodePlace(nodes, Math.random)
  const follower = new Device("ada", "follower", place)
  followers.push(follower)
  return { follower, place }
}

const onRedis = () => ({ redis: redis.url, durability: "fsync" })

async function ask(follower: Device, where?: string): Promise<Talk> {
  const talk = await Talk.begin(follower, "steps")
  if (where) watcher.hold(talk.id, { place: where, times: 1 })
  talk.ask()
  if (where) await until(`${talk.id} to be held`, async () => watcher.isHeld(talk.id) && talk.attempts.length === 1)
  return talk
}

const openStore = () => openRedisEngine({ url: redis.url, durability: "memory" })

test("[CON4] [RUN3] a node that is told to end finishes the step and hands over: nobody waits for the lease", async () => {
  const { follower, place } = await stage(2, { ...onRedis(), leaseSeconds: longLeaseSeconds, drainSeconds: 20 })
  const talk = await ask(follower, "append")
  const ending = nodes.find(({ name }) => name === talk.attempts[0])
  const drained = ending?.drain()
  await until("it to have heard of it", async () => (await ending?.said())?.includes("Stopping"))
  expect(talk.attempts).toHaveLength(1)
  watcher.release(talk.id)
  await drained
  await talk.ended()
  expect(new Set(talk.attempts).size).toBe(2)
  // The step in which it was is neither taken back nor done again.
  expect(watcher.visits(talk.id, "append")).toBe(1)
  expect(watcher.effects(talk.id)).toHaveLength(1)
  expect(await judgeTalks([talk], { follower, place, answer, openStore })).toEqual([])
})

test("[RUN3] [LOG7] all nodes and their store are killed at once: what was unfinished goes on when they are back", async () => {
  const { follower, place } = await stage(2, onRedis())
  const talks = await Promise.all(["append", "checkpoint", "effect"].map((where) => ask(follower, where)))
  await Promise.all([...nodes.map((node) => node.kill()), redis.kill()])
  await redis.restart()
  await Promise.all(nodes.map((node) => node.start()))
  await Promise.all(talks.map((talk) => talk.ended()))
  expect(talks.map((talk) => talk.attempts.length)).toEqual([2, 2, 2])
  expect(talks.map(({ id }) => watcher.visits(id, "append"))).toEqual([2, 2, 1])
  expect(await judgeTalks(talks, { follower, place, answer, openStore })).toEqual([])
})

test.each([
  ["Redis", 2, onRedis],
  ["the embedded store", 1, () => ({})],
])("[RUN6] on %s a run that ends its process each time is given up, and says so", async (_store, count, where) => {
  const { follower } = await stage(count, where())
  const doomed = await Talk.begin(follower, "doomed")
  doomed.ask()
  const isOver = async () => {
    await Promise.all(nodes.filter(({ isUp }) => !isUp).map((node) => node.start()))
    return doomed.run?.status === "failed"
  }
  await until("the run to be given up", isOver)
  const { error } = await doomed.ended()
  expect(error).toContain(`${attempts} attempts`)
  // The first one got somewhere: to the checkpoint from which the others went on in vain.
  expect(doomed.attempts).toHaveLength(1 + attempts)
  const other = await ask(follower)
  expect(await other.ended()).toMatchObject({ status: "completed" })
  expect(other.said).toEqual(answer)
})
