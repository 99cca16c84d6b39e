/** Idempotency keys where nodes' clocks differ: no two are quite the same, and one may be set back. */
import { type Clock, systemClock } from "@everthread/protocol"
import { type RedisServer, startRedis } from "@everthread/stage"
import { openRedisEngine, type RedisEngine } from "../src/index.ts"
import { append, begin } from "./delivery-support/nodes.ts"

const hourMs = 60 * 60 * 1_000
/** As everywhere else: a day. */
const keyTtlMs = 24 * hourMs
const midnight = 20_000 * keyTtlMs

let redis: RedisServer
const open = new Set<RedisEngine>()
beforeAll(async () => {
  redis = await startRedis()
})
afterEach(async () => {
  await Promise.all([...open].map((engine) => engine.close()))
  open.clear()
})
afterAll(() => redis.stop())

/** A node whose wall clock stands at this moment. */
async function nodeAt(now: number): Promise<RedisEngine> {
  const clock: Clock = { ...systemClock, now: () => now }
  const engine = await openRedisEngine({ url: redis.url, durability: "memory", keyTtlMs, clock })
  open.add(engine)
  return engine
}

const send = (engine: RedisEngine, conversation: string, digest = "d") =>
  append(engine, conversation, "hello", { idempotency: { key: "ada phone 1", digest, ref: "m1" } })

test("[ACK3] what a node stored whose clock is past midnight is no new message where it is not yet midnight", async () => {
  const ahead = await nodeAt(midnight + 1)
  const here = await nodeAt(midnight - 1)
  const conversation = await begin(here)
  const first = await send(ahead, conversation)
  expect(first.status).toBe("appended")
  expect(await send(here, conversation)).toMatchObject({ status: "duplicate", seq: 2, ref: "m1" })
  expect(await here.log.repeated(conversation, "ada phone 1")).toMatchObject({ seq: 2, digest: "d" })
  expect((await send(here, conversation, "other")).status).toBe("key-reused")
})

test("[ACK3] a conversation made by a node that is ahead is not made again", async () => {
  const [ahead, here] = await Promise.all([nodeAt(midnight + 1), nodeAt(midnight - 1)])
  const idempotency = { key: "ada phone 1", digest: "d" }
  const made = { conversation: `made-${midnight}`, bodies: ["{}"], members: [], idempotency }
  expect(await ahead.log.create({ ...made, nonce: "1111111111111111" })).toMatchObject({ status: "created" })
  expect(await here.log.create({ ...made, nonce: "2222222222222222" })).toMatchObject({ status: "duplicate", seq: 1 })
})

test("[ACK3] a node that compacts takes away the keys that nobody asks for any more, and none that are newer", async () => {
  const [yesterday, here, ahead] = await Promise.all([
    nodeAt(midnight - keyTtlMs - 1),
    nodeAt(midnight - 1),
    nodeAt(midnight + 1),
  ])
  const conversation = await begin(here)
  const fieldsOf = () => redis.command("HLEN", here.keys.idempotency(conversation))
  const keyed = (key: string) => ({ idempotency: { key, digest: "d" } })
  const past = await nodeAt(midnight - 3 * keyTtlMs)
  for (const [index, node] of [past, yesterday, here, ahead].entries())
    await append(node, conversation, "x", keyed(`k${index}`))
  // Four keys, and the period in which they were last told how long to live.
  expect(await fieldsOf()).toBe(5)
  const cursor = (await here.log.head(conversation)) ?? ""
  const compacted = { conversation, snapshot: { cursor, state: "{}" }, archive: [], trimThrough: 0 }
  expect(await here.log.compact(compacted)).toBe(true)
  // One less, and up to which period they were gone through.
  expect(await fieldsOf()).toBe(5)
  expect((await append(here, conversation, "x", keyed("k3"))).status).toBe("duplicate")
  expect((await append(here, conversation, "x", keyed("k1"))).status).toBe("duplicate")
  expect((await append(here, conversation, "x", keyed("k0"))).status).toBe("appended")
})

test("[ACK3] keys are gone through once for each period, however often a log is compacted and however many there are", async () => {
  const here = await nodeAt(midnight)
  const conversation = await begin(here)
  let sweeps = 0
  here.observe({ roundTrip: (script) => void (script === "sweep-keys" && sweeps++), reconnected() {} })
  async function compactedBy(node: RedisEngine): Promise<number> {
    const cursor = (await node.log.head(conversation)) ?? ""
    await node.log.compact({ conversation, snapshot: { cursor, state: "{}" }, archive: [], trimThrough: 0 })
    return sweeps
  }
  const keys = Array.from({ length: 2_000 }, (_, index) => `k${index}`)
  await Promise.all(keys.map((key) => append(here, conversation, "x", { idempotency: { key, digest: "d" } })))
  const once = await compactedBy(here)
  expect(once).toBeGreaterThan(2)
  expect(await compactedBy(here)).toBe(once + 1)
  const later = await nodeAt(midnight + 2 * keyTtlMs)
  await compactedBy(later)
  const left = (await redis.command("HKEYS", here.keys.idempotency(conversation))) as string[]
  expect([...left].sort()).toEqual(["w", "x"])
})
