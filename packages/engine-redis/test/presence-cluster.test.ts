/** Who is here, on a cluster: partitions lie on several masters, and one of them may go. */
import type { PresentDevice } from "@everthread/engine"
import { type Cluster, startCluster, until } from "@everthread/stage"
import type { RedisEngine } from "../src/index.ts"
import { slotOfPartition } from "../src/keys.ts"
import { startOtherEngine } from "./presence-support/other-engine.ts"
import { opened } from "./support/opened.ts"

const phone: PresentDevice = { user: "ada", device: "phone", node: "node-a" }
const conversations = Array.from({ length: 24 }, (_, index) => `c${index}`)

let cluster: Cluster | undefined
const engines: RedisEngine[] = []

beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()))
  await cluster?.stop()
})

const url = () => cluster?.masters.map(({ port }) => `127.0.0.1:${port}`).join(",")

async function engine(): Promise<RedisEngine> {
  const engine = await opened({ url: `redis://${url()}`, deadlineMs: 500 })
  engines.push(engine)
  return engine
}

async function countOf({ presence }: RedisEngine): Promise<number> {
  const present = await Promise.all(conversations.map((conversation) => presence.present(conversation)))
  return present.filter((devices) => devices.length === 1).length
}

test("[NOD2] a dead engine is cleared away in every partition, also while a master is replaced that held some of them", async () => {
  const [one, two] = [await engine(), await engine()]
  const told = new Set<string>()
  for (const { presence } of [one, two]) presence.onGone((conversation) => told.add(conversation))
  const dead = await startOtherEngine(`redis://${url()}`)
  for (const conversation of conversations) await dead.enter(conversation, phone)
  expect(await countOf(two)).toBe(conversations.length)
  // The master of the engines' heartbeats, and of a third of the conversations.
  const master = await cluster?.masterOf(slotOfPartition[0] ?? 0)
  await Promise.all([dead.kill(), master?.kill()])
  await until("the dead to be cleared away", async () => (await countOf(two)) === 0)
  await until("everybody to be told", async () => told.size === conversations.length)
  await master?.restart()
})

test("[NOD2] who came and went while a master was replaced is known afterwards", async () => {
  const [one, two] = engines as [RedisEngine, RedisEngine]
  await cluster?.settled()
  for (const conversation of conversations) await one.presence.enter(conversation, phone)
  const master = await cluster?.masterOf(slotOfPartition[one.keys.partitionOf("c0")] ?? 0)
  await master?.kill()
  const laptop = { ...phone, device: "laptop" }
  // Whatever becomes of the calls themselves: what is true is that the phone has gone and the laptop has come.
  await Promise.allSettled([one.presence.leave("c0", phone), one.presence.enter("c0", laptop)])
  await until("the laptop to be here instead", async () => {
    const [only, ...more] = await two.presence.present("c0")
    return only?.device === "laptop" && more.length === 0
  })
  await until("everybody else to be here", async () => (await countOf(two)) === conversations.length)
})
