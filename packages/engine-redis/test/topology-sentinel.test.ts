/** A master that sentinels replace, while engines write to it. */
import { readFileSync } from "node:fs"
import { systemClock, systemRandom } from "@everthread/protocol"
import { haveAllOf, inSync, type RedisServer, type SentinelGroup, startSentinels, until } from "@everthread/stage"
import { openLink } from "../src/connection/link.ts"
import { openRedisEngine, type RedisEngine } from "../src/index.ts"
import type { LinkOpener } from "../src/topology/kept-link.ts"
import { sentinelsOf } from "../src/topology/sentinels.ts"
import { sentinelAclRule } from "./support/acl.ts"
import { opened } from "./support/opened.ts"
import { beginLog, expectOnce, startWriter } from "./support/writer.ts"

const docs = new URL("../../../docs/redis.md", import.meta.url)

let group: SentinelGroup
let engine: RedisEngine
beforeEach(async () => {
  group = await startSentinels()
  engine = await opened({ url: urlOf(group), deadlineMs: 500 })
  await beginLog(engine, "c")
})
afterEach(async () => {
  await engine.close()
  await group.stop()
})

const urlOf = ({ sentinels, name }: SentinelGroup, seeds = sentinels) =>
  `redis://${seeds.map(({ port }) => `127.0.0.1:${port}`).join(",")}?sentinel=${name}`
const portOfMaster = () => engine.store.topology.masters()[0]?.address.port
const onMaster = (port: number) =>
  until("the engine to follow", async () => portOfMaster() === port && engine.status().state === "ready")

const addressesOf = ({ sentinels }: SentinelGroup) => sentinels.map(({ port }) => ({ host: "127.0.0.1", port }))
/** A server may be silent for long. */
const patient = ["down-after-milliseconds", 60_000]
const opener: LinkOpener = {
  clock: systemClock,
  random: systemRandom,
  reconnected: () => undefined,
  open: (address, lost) =>
    openLink({ address, target: { database: 0 }, clock: systemClock, deadlineMs: 500, name: "asking", lost }),
}

/** As an operator asks for it. */
const switchMaster = (asked: RedisServer | undefined) => asked?.cli("SENTINEL", "FAILOVER", group.name)

test("[ACK3] a master that is killed: each send that the new master has is there once, none twice", async () => {
  const writers = ["a", "b", "c"].map((name) => startWriter(engine, "c", name))
  await Promise.all(writers.map((writer) => writer.more(20)))
  // What is acknowledged from here on may be lost with the master, and is sent again by nobody: so nothing is.
  await Promise.all(writers.map((writer) => writer.stop()))
  const [killed, ...replicas] = group.servers
  await Promise.all(replicas.map(inSync))
  if (killed) await haveAllOf(killed, replicas)
  const later = ["d", "e"].map((name) => startWriter(engine, "c", name))
  await killed?.kill()
  const acknowledgedBefore = later.map(({ acknowledged }) => acknowledged.length)
  const master = await group.master()
  await onMaster(master.port)
  await Promise.all(later.map((writer) => writer.more(20)))
  await Promise.all(later.map((writer) => writer.stop()))
  await expectOnce(engine, "c", writers)
  const after = later.map((writer, index) => ({
    ...writer,
    acknowledged: writer.acknowledged.slice(acknowledgedBefore[index]),
  }))
  await expectOnce(engine, "c", after)
})

test("a master that was frozen and wakes up after its successor began is written to no more", async () => {
  const [old] = group.servers
  await old?.freeze()
  const master = await group.master()
  await onMaster(master.port)
  old?.thaw()
  const writer = startWriter(engine, "c", "a")
  await writer.more(50)
  await writer.stop()
  expect(portOfMaster()).toBe(master.port)
  await expectOnce(engine, "c", [writer])
})

test("a planned switch is followed at once", async () => {
  const before = portOfMaster()
  const writer = startWriter(engine, "c", "a")
  await writer.more(5)
  await switchMaster(group.sentinels[0])
  await until("a new master", async () => portOfMaster() !== before && engine.status().state === "ready")
  await writer.more(20)
  await writer.stop()
})

test("[LIN1] while a failover is under way no two sentinels name two masters with one epoch", async () => {
  const [, , last] = group.servers
  // It does not answer and is not given up, so the failover does not end before its time is over.
  await last?.cli("CONFIG", "SET", "replica-priority", 0)
  await until("the sentinels to pass the last one over", async () => {
    const known = await Promise.all(group.sentinels.map((one) => one.cli("SENTINEL", "REPLICAS", group.name)))
    return known.every((fields) => fields.includes("slave-priority\n0"))
  })
  await Promise.all(group.sentinels.map((one) => one.cli("SENTINEL", "SET", group.name, ...patient)))
  await last?.freeze()
  const named = new Map<number, Set<number>>()
  const asked = sentinelsOf(addressesOf(group), group.name, opener, () => undefined)
  const [leader] = group.sentinels
  const before = await group.master()
  await switchMaster(leader)
  await until("the failover to end", async () => {
    for (const { epoch, master } of await asked.ask())
      named.set(epoch, (named.get(epoch) ?? new Set()).add(master.port))
    return !(await leader?.cli("SENTINEL", "MASTER", group.name))?.includes(`port\n${before.port}\n`)
  })
  asked.close()
  last?.thaw()
  expect([...named.values()].filter(({ size }) => size > 1)).toEqual([])
  expect([...(named.get(Math.max(...named.keys())) ?? [])]).not.toEqual([before.port])
})

test("sentinels are learned, so the one in the URL may go", async () => {
  const [first, ...others] = group.sentinels
  const lean = await opened({ url: urlOf(group, first ? [first] : []), deadlineMs: 500 })
  await first?.kill()
  const before = portOfMaster()
  await switchMaster(others[0])
  await until("a new master", async () => {
    const port = lean.store.topology.masters()[0]?.address.port
    return port !== before && lean.status().state === "ready"
  })
  await lean.close()
})

test("a sentinel without a name in the URL, and with a name that it does not know", async () => {
  const at = `redis://127.0.0.1:${group.sentinels[0]?.port}`
  await expect(openRedisEngine({ url: at })).rejects.toMatchObject({
    code: "unusable",
    message: expect.stringMatching(/is a sentinel: add \?sentinel=NAME to redis.url. It knows main\./),
  })
  await expect(openRedisEngine({ url: `${at}?sentinel=other` })).rejects.toMatchObject({
    code: "unusable",
    message: expect.stringMatching(/no master named "other"/),
  })
})

test("sentinels with users of their own, who may do no more than the documentation says", async () => {
  const user = ["everthread", "on", ">secret", ...sentinelAclRule.split(" ")]
  await Promise.all(group.sentinels.map((sentinel) => sentinel.cli("ACL", "SETUSER", ...user)))
  expect(readFileSync(docs, "utf8")).toContain(sentinelAclRule)
  const url = `${urlOf(group)}&sentinelUser=everthread&sentinelPassword=`
  await expect(openRedisEngine({ url: `${url}wrong` })).rejects.toMatchObject({ code: "unusable" })
  const allowed = await opened({ url: `${url}secret`, deadlineMs: 500 })
  const before = portOfMaster()
  await switchMaster(group.sentinels[0])
  await until("a new master", async () => {
    const port = allowed.store.topology.masters()[0]?.address.port
    return port !== before && allowed.status().state === "ready"
  })
  await allowed.close()
})
