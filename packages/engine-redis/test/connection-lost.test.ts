/** A single server that dies, freezes, forgets and cuts off, while engines write to it. */
import { type RedisServer, startRedis, startReplica, until } from "@everthread/stage"
import { openRedisEngine, type RedisEngine } from "../src/index.ts"
import { beginLog, expectOnce, startWriter } from "./support/writer.ts"

let server: RedisServer
let engine: RedisEngine
beforeEach(async () => {
  server = await startRedis()
  engine = await openRedisEngine({ url: server.url, deadlineMs: 500 })
  await beginLog(engine, "c")
})
afterEach(async () => {
  server.thaw()
  await engine.close()
  await server.stop()
})

const state = (wanted: string) => until(`state ${wanted}`, async () => engine.status().state === wanted)

/** Runs `fault` while three writers write; they have to get on afterwards. */
async function writeThrough(fault: () => Promise<void>) {
  const writers = ["a", "b", "c"].map((name) => startWriter(engine, "c", name))
  await Promise.all(writers.map((writer) => writer.more(5)))
  await fault()
  await Promise.all(writers.map((writer) => writer.more(5)))
  await Promise.all(writers.map((writer) => writer.stop()))
  await expectOnce(engine, "c", writers)
  return writers
}

test("[ACK3] a server that is killed and comes back: unavailable with a reason, ready again by itself, nothing twice", async () => {
  const states: string[] = []
  engine.onStatus(({ state }) => states.push(state))
  await writeThrough(async () => {
    await server.kill()
    await state("unavailable")
    expect(engine.status().reason).toMatch(new RegExp(`127.0.0.1:${server.port}`))
    await server.restart()
  })
  expect(engine.status()).toEqual({ state: "ready" })
  expect(states.filter((one, index) => one === states[index - 1])).toEqual([])
})

test("[ACK3] a server that is frozen and wakes up: late or unknown, nothing twice", async () => {
  await writeThrough(async () => {
    await server.freeze()
    await state("unavailable")
    expect(engine.status().reason).toMatch(/no answer within 500 ms|could not connect/)
    server.thaw()
  })
  await state("ready")
})

test("a frozen server is noticed while nobody asks anything", async () => {
  await server.freeze()
  await state("unavailable")
})

test("[ACK3] connections that are cut again and again cost time, and nothing else", async () => {
  await writeThrough(async () => {
    for (let cuts = 0; cuts < 20; cuts++) {
      await server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
      await until("a new connection", async () => (await server.cli("CLIENT", "LIST")).includes("everthread-commands"))
    }
  })
})

test("scripts that the server has forgotten are told to it again", async () => {
  const writers = await writeThrough(async () => {
    for (let flushes = 0; flushes < 50; flushes++) await server.cli("SCRIPT", "FLUSH")
  })
  expect(writers.map(({ failures }) => failures.size)).toEqual([0, 0, 0])
})

test("an append that was sent and not answered is unknown, and one that was not sent is unavailable", async () => {
  const plain = () => engine.log.append({ conversation: "c", nonce: "1234567890123456", bodies: ['"x"'] })
  await server.freeze()
  await expect(plain()).rejects.toMatchObject({ name: "EngineError", code: "unknown" })
  await state("unavailable")
  await expect(plain()).rejects.toMatchObject({ name: "EngineError", code: "unavailable" })
})

test("closing does not wait for a server that is away", async () => {
  await server.freeze()
  await state("unavailable")
  const waiting = engine.log.head("c")
  const outcome = expect(waiting).rejects.toMatchObject({ code: "closed" })
  await engine.close()
  await outcome
})

test("a master that becomes a replica is away until it is a master again", async () => {
  const other = await startRedis()
  await server.cli("REPLICAOF", "127.0.0.1", other.port)
  await state("unavailable")
  expect(engine.status().reason).toMatch(/is a replica of 127.0.0.1:\d+.*REPLICAOF NO ONE/)
  await expect(engine.log.head("c")).rejects.toMatchObject({ code: "unavailable" })
  await server.cli("REPLICAOF", "NO", "ONE")
  await state("ready")
  await other.stop()
})

test("a replica is refused at the start, and the error names its master", async () => {
  const replica = await startReplica(server)
  await expect(openRedisEngine({ url: replica.url })).rejects.toMatchObject({
    code: "unusable",
    message: expect.stringContaining(`point redis.url to redis://127.0.0.1:${server.port}`),
  })
  await replica.stop()
})

test("while the server takes no writes the engine is read-only, reads go on, and it comes back by itself", async () => {
  await server.cli("CONFIG", "SET", "min-replicas-to-write", 1)
  const append = () => engine.log.append({ conversation: "c", nonce: "1234567890123456", bodies: ['"x"'] })
  await expect(append()).rejects.toMatchObject({ code: "read-only", message: expect.stringMatching(/NOREPLICAS/) })
  expect(engine.status()).toMatchObject({ state: "read-only", reason: expect.stringMatching(/NOREPLICAS/) })
  expect(await engine.log.head("c")).toBeDefined()
  await server.cli("CONFIG", "SET", "min-replicas-to-write", 0)
  await state("ready")
  expect(await append()).toMatchObject({ status: "appended" })
})
