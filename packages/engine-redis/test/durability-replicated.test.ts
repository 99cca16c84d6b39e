/** With durability `replicated` nothing is acknowledged, told or shown that the replicas could lack. (SPEC STO5) */
import type { Appended, Engine } from "@everthread/engine"
import { startCursor } from "@everthread/protocol"
import {
  promote,
  type RedisServer,
  startCluster,
  startRedis,
  startReplica,
  startSentinels,
  until,
} from "@everthread/stage"
import { openRedisEngine, type RedisEngine, type RedisEngineOptions } from "../src/index.ts"
import { slotOfPartition } from "../src/keys.ts"
import { aclRule } from "./support/acl.ts"
import { beginLog, expectOnce, namesIn, startWriter } from "./support/writer.ts"

const nonces = (function* () {
  for (let next = 1_000_000_000_000_000n; ; next++) yield String(next)
})()
const freshNonce = () => nonces.next().value as string

const toStop: { stop(): Promise<void> }[] = []
const toClose: Engine[] = []
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((engine) => engine.close()))
  await Promise.all(toStop.splice(0).map((one) => one.stop()))
})

async function open(url: string, options: Partial<RedisEngineOptions> = {}): Promise<RedisEngine> {
  const engine = await openRedisEngine({ url, durability: "replicated", deadlineMs: 500, ...options })
  toClose.push(engine)
  return engine
}

async function pair(): Promise<{ master: RedisServer; replica: RedisServer }> {
  const master = await startRedis()
  const replica = await startReplica(master)
  toStop.push(master, replica)
  return { master, replica }
}

const everything = { entriesMax: 1_000, charsMax: 1_000_000 }
const send = (engine: Engine, conversation: string, key: string) =>
  engine.log.append({
    conversation,
    nonce: freshNonce(),
    bodies: [JSON.stringify(key)],
    idempotency: { key, digest: key },
  })

test("[STO5] without its replica an append is unknown, the store unavailable, and what it shows nothing", async () => {
  const { master, replica } = await pair()
  const engine = await open(master.url)
  await beginLog(engine, "c")
  await replica.freeze()
  await expect(send(engine, "c", "first")).rejects.toMatchObject({
    code: "unknown",
    message: expect.stringContaining("only 0 of 1 replicas have it"),
  })
  expect(engine.status()).toMatchObject({ state: "unavailable", reason: expect.stringContaining("0 of 1 replicas") })
  await expect(engine.log.read("c", startCursor, everything)).rejects.toMatchObject({ code: "unavailable" })
  replica.thaw()
  await until("the status to be ready", async () => engine.status().state === "ready")
  expect(await send(engine, "c", "first")).toMatchObject({ status: "duplicate", seq: 2 })
})

test("[STO5] [ACK1] a key that is looked up is answered when the replica has what it stands for, and not before", async () => {
  const { master, replica } = await pair()
  const engine = await open(master.url)
  await beginLog(engine, "c")
  await replica.freeze()
  await expect(send(engine, "c", "first")).rejects.toMatchObject({ code: "unknown" })
  await expect(engine.log.repeated("c", "first")).rejects.toMatchObject({ code: "unavailable" })
  expect(await engine.log.repeated("c", "never sent")).toBe(undefined)
  replica.thaw()
  await until("the status to be ready", async () => engine.status().state === "ready")
  expect(await engine.log.repeated("c", "first")).toMatchObject({ seq: 2 })
})

test("[STO5] what is shown of members, lists and values waits for the replica, and so does who was first", async () => {
  const { master, replica } = await pair()
  const engine = await open(master.url)
  await beginLog(engine, "c")
  const answer = (user: string) =>
    engine.log.append({
      conversation: "c",
      nonce: freshNonce(),
      bodies: [JSON.stringify(user)],
      expect: { name: "answer", is: null, becomes: user },
      members: [{ user, role: "member" }],
    })
  await replica.freeze()
  await expect(answer("ada")).rejects.toMatchObject({ code: "unknown" })
  const { log, directory } = engine
  const asked = [answer("bob"), log.value("c", "answer"), directory.members("c"), directory.conversations("ada")]
  for (const one of asked) one.catch(() => undefined)
  for (const one of asked) await expect(one).rejects.toMatchObject({ code: "unavailable" })
  replica.thaw()
  await until("the status to be ready", async () => engine.status().state === "ready")
  expect(await answer("bob")).toEqual({ status: "unexpected", actual: "ada" })
  expect(await log.value("c", "answer")).toBe("ada")
  expect((await directory.members("c")).get("ada")).toBe("member")
  expect(await directory.conversations("ada")).toEqual(["c"])
})

test("[STO5] [LOG5] listeners are told when the replica has it, and not before", async () => {
  const { master, replica } = await pair()
  const [writing, listening] = [await open(master.url), await open(master.url)]
  await beginLog(writing, "c")
  const told: Appended[] = []
  await listening.log.listen("c", { appended: (one) => void told.push(one), ephemeral() {}, missed() {} })
  await replica.freeze()
  await expect(send(writing, "c", "first")).rejects.toMatchObject({ code: "unknown" })
  await expect(send(writing, "c", "first")).rejects.toMatchObject({ code: "unknown" })
  expect(told).toEqual([])
  replica.thaw()
  await until("the listener to be told", async () => told.length > 0)
  expect(told.map(({ entries }) => entries.map(({ body }) => body))).toEqual([['"first"']])
})

test("[STO5] whatever was acknowledged is on the replica that takes over, whenever it was cut off", async () => {
  const { master, replica } = await pair()
  const engine = await open(master.url)
  const names = Array.from({ length: 16 }, (_, index) => `c${index}`)
  await Promise.all(names.map((name) => beginLog(engine, name)))
  const writers = names.map((name) => startWriter(engine, name, name))
  await Promise.all(writers.map((writer) => writer.more(20)))
  // In the middle of everything the replica is alone, and becomes the master.
  await promote(replica)
  const acknowledged = writers.map((writer) => [...writer.acknowledged])
  const after = await open(replica.url, { durability: "fsync" })
  for (const [index, name] of names.entries()) {
    expect(await namesIn(after, name)).toEqual(expect.arrayContaining(acknowledged[index] ?? []))
  }
  const before = writers.map((writer) => writer.acknowledged.length)
  await until("the master to notice", async () => engine.status().state === "unavailable")
  expect(writers.map((writer) => writer.acknowledged.length)).toEqual(before)
  await replica.cli("REPLICAOF", "127.0.0.1", master.port)
  await Promise.all(writers.map((writer) => writer.more(1)))
  await Promise.all(writers.map((writer) => writer.stop()))
  for (const [index, name] of names.entries()) await expectOnce(engine, name, writers.slice(index, index + 1))
})

test("[STO5] a master that dies leaves what waits unknown", async () => {
  const { master, replica } = await pair()
  const engine = await open(master.url)
  await beginLog(engine, "c")
  await replica.freeze()
  const waiting = [send(engine, "c", "a"), send(engine, "c", "b")]
  await until("both to be stored", async () => Number(await master.cli("XLEN", engine.keys.log("c"))) === 3)
  await master.kill()
  for (const one of await Promise.allSettled(waiting)) expect(one).toMatchObject({ reason: { code: "unknown" } })
})

test("[STO5] a failover loses nothing that was acknowledged", async () => {
  const group = await startSentinels({ replicas: 2 })
  toStop.push(group)
  const url = `redis://127.0.0.1:${group.sentinels[0]?.port}?sentinel=${group.name}`
  const engine = await open(url, { deadlineMs: 1_000 })
  const names = Array.from({ length: 8 }, (_, index) => `c${index}`)
  await Promise.all(names.map((name) => beginLog(engine, name)))
  const writers = names.map((name) => startWriter(engine, name, name))
  await Promise.all(writers.map((writer) => writer.more(20)))
  await (await group.master()).kill()
  await Promise.all(writers.map((writer) => writer.more(5)))
  await Promise.all(writers.map((writer) => writer.stop()))
  for (const [index, name] of names.entries()) await expectOnce(engine, name, writers.slice(index, index + 1))
})

test("[STO5] connections that are cut only delay", async () => {
  const { master } = await pair()
  const engine = await open(master.url)
  await beginLog(engine, "c")
  const writer = startWriter(engine, "c", "w")
  for (let rounds = 0; rounds < 20; rounds++) {
    await writer.more(5)
    const clients = (await master.cli("CLIENT", "LIST")).split("\n")
    const waiting = clients.find((line) => line.includes("name=everthread-replicas"))
    const id = /^id=(\d+)/.exec(waiting ?? "")?.[1]
    if (id) await master.cli("CLIENT", "KILL", "ID", id)
  }
  await writer.more(5)
  await writer.stop()
  expect(writer.failures).toEqual(new Map())
  await expectOnce(engine, "c", [writer])
})

test("[STO5] with a full memory what was stored before is confirmed all the same", async () => {
  const { master, replica } = await pair()
  const engine = await open(master.url)
  await beginLog(engine, "c")
  await replica.freeze()
  const waiting = send(engine, "c", "a")
  await until("it to be stored", async () => Number(await master.cli("XLEN", engine.keys.log("c"))) === 2)
  await master.cli("CONFIG", "SET", "maxmemory", "1mb")
  replica.thaw()
  expect(await waiting).toMatchObject({ status: "appended" })
})

test("[STO5] in a cluster each master's replicas are waited for, also while slots move", async () => {
  const cluster = await startCluster({ masters: 2, replicas: 2 })
  toStop.push(cluster)
  const engine = await open(cluster.masters[0]?.url ?? "", { deadlineMs: 2_000 })
  const names = Array.from({ length: 8 }, (_, index) => `c${index}`)
  await Promise.all(names.map((name) => beginLog(engine, name)))
  const writers = names.map((name) => startWriter(engine, name, name))
  for (const name of names.slice(0, 3)) {
    const slot = slotOfPartition[engine.keys.partitionOf(name)] ?? 0
    const from = await cluster.masterOf(slot)
    await cluster.moveSlot(slot, cluster.masters[0] === from ? 1 : 0)
    await Promise.all(writers.map((writer) => writer.more(5)))
  }
  await Promise.all(writers.map((writer) => writer.stop()))
  for (const [index, name] of names.entries()) await expectOnce(engine, name, writers.slice(index, index + 1))
  await cluster.replicas[0]?.freeze()
  const byMaster = await Promise.allSettled(names.map((name) => send(engine, name, "last")))
  const reached = byMaster.filter(({ status }) => status === "fulfilled").length
  expect(reached).toBeLessThan(names.length)
  cluster.replicas[0]?.thaw()
})

test("the documented rights suffice for waiting, too", async () => {
  const master = await startRedis({ password: "operator", users: [`everthread on >secret ${aclRule}`] })
  const replica = await startReplica(master)
  toStop.push(master, replica)
  const engine = await open(`redis://everthread:secret@127.0.0.1:${master.port}`)
  await beginLog(engine, "c")
  expect(await send(engine, "c", "first")).toMatchObject({ status: "appended" })
})

test("an engine that is closed finishes what waits", async () => {
  const { master, replica } = await pair()
  const engine = await open(master.url)
  await beginLog(engine, "c")
  await replica.freeze()
  const waiting = send(engine, "c", "a")
  await until("it to be stored", async () => Number(await master.cli("XLEN", engine.keys.log("c"))) === 2)
  const closing = engine.close()
  replica.thaw()
  expect(await waiting).toMatchObject({ status: "appended" })
  await closing
})
