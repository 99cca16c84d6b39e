/** Scripts of others and an append, in one step: everything, or nothing. */
import { createHash } from "node:crypto"
import { type AppendRequest, bodyOf, type Fence, freshNonce } from "@everthread/engine"
import { startCursor, systemRandom } from "@everthread/protocol"
import { type RedisServer, startRedis } from "@everthread/stage"
import { type ForeignCall, openRedisEngine, type RedisEngine } from "../src/index.ts"

let redis: RedisServer
let engine: RedisEngine
beforeAll(async () => {
  redis = await startRedis({ config: { appendonly: "no" } })
  engine = await openRedisEngine({ url: redis.url, durability: "memory" })
})
afterAll(async () => {
  await engine.close()
  await redis.stop()
})

function script(name: string, lua: string) {
  return { name, lua, sha1: createHash("sha1").update(lua).digest("hex"), readOnly: false }
}
/** Keeps what it is given, unless it is told to refuse. */
const keep = script(
  "keep",
  `if ARGV[3] == 'refuse' then return { ARGV[1], 'parent' } end
local function store(text) redis.call('RPUSH', KEYS[1], text) end
store(ARGV[2])
return { ARGV[1], 'stored' }`,
)
/** Continues where the chain ends, or refuses: as checkpoints do. */
const chain = script(
  "chain",
  `local head = redis.call('GET', KEYS[1]) or ''
if head ~= ARGV[2] and head ~= ARGV[3] then return { ARGV[1], 'parent' } end
redis.call('SET', KEYS[1], ARGV[2])
return { ARGV[1], 'stored' }`,
)
const look = { ...script("look", "return { ARGV[1], redis.call('LRANGE', KEYS[1], 0, -1) }"), readOnly: true }

let count = 0
async function owned() {
  const conversation = `talk-${++count}`
  const begun = { conversation, bodies: ["{}"], nonce: freshNonce(systemRandom) }
  await engine.log.create({ ...begun, members: [] })
  await engine.log.append({ ...begun, nonce: freshNonce(systemRandom), runs: [{ run: "r", state: "open" }] })
  const claim = { conversation, run: "r", node: "n", nonce: "claim", instead: undefined }
  const fence = await engine.leases.claim(claim)
  if (!fence) throw new Error("nobody else wants it")
  const key = `${engine.scripts.prefixOf(conversation, "t", "kept")}list`
  const call = (text: string, how = ""): ForeignCall => ({ script: keep, keys: [key], args: ["name", text, how] })
  const kept = async () => String((await engine.scripts.run(look, [key], ["name"]))[1])
  const request = (n: number, bodies: readonly string[], by: Fence = fence): AppendRequest => ({
    conversation,
    nonce: freshNonce(systemRandom),
    bodies,
    fence: by,
    n,
  })
  const logged = async () => {
    const read = await engine.log.read(conversation, startCursor, { entriesMax: 100, charsMax: 10_000 })
    return read.status === "tail" ? read.entries.slice(2).map((entry) => JSON.stringify(bodyOf(entry))) : []
  }
  return { fence, call, kept, request, logged, conversation }
}

test("[LOG3] the scripts have done their work, and the entries stand behind each other, in one step", async () => {
  const { call, kept, request, logged, conversation } = await owned()
  const told: string[] = []
  const unlisten = await engine.log.listen(conversation, {
    appended: ({ entries }) => told.push(entries.map(({ body }) => body).join()),
    ephemeral() {},
    missed() {},
  })
  expect(await engine.scripts.runWith(request(0, ["1", "2"]), [call("a"), call("b")])).toEqual({ status: "appended" })
  expect(await engine.scripts.runWith(request(1, ["3"]), [call("c")])).toEqual({ status: "appended" })
  expect(await kept()).toBe("a,b,c")
  expect(await logged()).toEqual(["1", "2", "3"])
  while (told.length < 2) await new Promise((resolve) => setImmediate(resolve))
  expect(told).toEqual(["1,2", "3"])
  unlisten()
})

test("[RUN2] [RUN8] where the fence, the count or a script refuses, nothing is written", async () => {
  const { fence, call, kept, request, logged } = await owned()
  const other = { ...fence, nonce: "other" }
  for (const refused of [
    engine.scripts.runWith(request(0, ["1"], other), [call("a")]),
    engine.scripts.runWith(request(1, ["1"]), [call("a")]),
    engine.scripts.runWith(request(0, ["1"]), [call("a", "refuse")]),
    engine.scripts.runWith(request(0, []), [call("a", "refuse")]),
  ])
    expect(await refused).toEqual({ status: "fenced" })
  expect(await kept()).toBe("")
  expect(await logged()).toEqual([])
})

test("[STO7] a repeat is answered as one, and appends nothing", async () => {
  const { call, request, logged } = await owned()
  await engine.scripts.runWith(request(0, ["1"]), [call("a")])
  expect(await engine.scripts.runWith(request(0, ["1"]), [call("a")])).toEqual({ status: "duplicate" })
  expect(await logged()).toEqual(["1"])
})

test("[STO7] [RUN8] a repeat of several that build on each other is known for one, though the first would refuse by now", async () => {
  const { request, logged, conversation } = await owned()
  const head = `${engine.scripts.prefixOf(conversation, "t", "chain")}head`
  const put = (id: string, parent: string): ForeignCall => ({ script: chain, keys: [head], args: ["name", id, parent] })
  const step = [put("input", ""), put("loop", "input")]
  expect(await engine.scripts.runWith(request(0, ["1"]), step)).toEqual({ status: "appended" })
  expect(await engine.scripts.runWith(request(0, ["1"]), step)).toEqual({ status: "duplicate" })
  expect(await logged()).toEqual(["1"])
})

test("[RUN8] [LIN1] without bodies, too, the count has to be right: a store that went back lacks words that a checkpoint knows of", async () => {
  const { call, kept, request } = await owned()
  expect(await engine.scripts.runWith(request(2, []), [call("a")])).toEqual({ status: "fenced" })
  await engine.scripts.runWith(request(0, ["1"]), [])
  expect(await engine.scripts.runWith(request(0, []), [call("b")])).toEqual({ status: "fenced" })
  expect(await engine.scripts.runWith(request(1, []), [call("c")])).toEqual({ status: "appended" })
  expect(await kept()).toBe("c")
})

test("without bodies the scripts run and nothing is appended or counted", async () => {
  const { call, kept, request, logged } = await owned()
  expect(await engine.scripts.runWith(request(0, []), [call("a")])).toEqual({ status: "appended" })
  expect(await engine.scripts.runWith(request(0, ["1"]), [call("b")])).toEqual({ status: "appended" })
  expect(await kept()).toBe("a,b")
  expect(await logged()).toEqual(["1"])
})
