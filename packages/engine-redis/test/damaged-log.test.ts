/** Somebody has removed a log and left what stands beside it: said as it is, and nobody reads in a circle. */
import { startCursor } from "@everthread/protocol"
import { type RedisServer, startRedis } from "@everthread/stage"
import type { RedisEngine } from "../src/index.ts"
import { append, begin, startNode } from "./delivery-support/nodes.ts"

const page = { entriesMax: 100, charsMax: 100_000 }

let redis: RedisServer
let engine: RedisEngine
beforeAll(async () => {
  redis = await startRedis()
  engine = (await startNode(redis.url)).engine
})
afterAll(async () => {
  await engine.close()
  await redis.stop()
})

async function damagedLog({ isCompacted }: { isCompacted: boolean }): Promise<string> {
  const conversation = await begin(engine)
  await append(engine, conversation, "one")
  const cursor = (await engine.log.head(conversation)) ?? ""
  const compaction = { conversation, snapshot: { cursor, state: "{}" }, archive: [], trimThrough: 0 }
  if (isCompacted) expect(await engine.log.compact(compaction)).toBe(true)
  await append(engine, conversation, "two")
  await redis.command("DEL", engine.keys.log(conversation))
  return conversation
}

test("[LOG1] a log that lacks its entries is no empty tail, and what was appended since does not hide the hole", async () => {
  const conversation = await damagedLog({ isCompacted: false })
  await expect(engine.log.read(conversation, startCursor, page)).rejects.toThrow(/damaged/)
  await append(engine, conversation, "three")
  await expect(engine.log.read(conversation, startCursor, page)).rejects.toThrow(/damaged/)
})

test("[SUB2] a snapshot whose place is gone leads nowhere", async () => {
  const conversation = await damagedLog({ isCompacted: true })
  const read = await engine.log.read(conversation, (await engine.log.head(conversation)) ?? "", page)
  if (read.status !== "diverged" || !read.snapshot) throw new Error(`not diverged: ${read.status}`)
  await expect(engine.log.read(conversation, read.snapshot.cursor, page)).rejects.toThrow(/damaged/)
})
