/** A cluster whose masters die and whose slots move, while engines write to it. */
import { type Cluster, haveAllOf, moveKeys, openSlot, type RedisServer, startCluster, until } from "@everthread/stage"
import { openRedisEngine, type RedisEngine } from "../src/index.ts"
import { partitionOf, slotOfPartition } from "../src/keys.ts"
import { opened } from "./support/opened.ts"
import { beginLog, expectOnce, startWriter, type Writer } from "./support/writer.ts"

let cluster: Cluster
let engine: RedisEngine
/** Conversations that lie with different masters. */
const conversations = ["a", "b", "c", "d", "e", "f"]
beforeEach(async () => {
  cluster = await startCluster({ nodeTimeoutMs: 1_000 })
  engine = await opened({ url: urlOf(cluster.nodes), deadlineMs: 500 })
  await Promise.all(conversations.map((conversation) => beginLog(engine, conversation)))
})
afterEach(async () => {
  for (const node of cluster.nodes) node.thaw()
  await engine.close()
  await cluster.stop()
})

const urlOf = (nodes: readonly RedisServer[]) => `redis://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`
const slotOf = (conversation: string) => slotOfPartition[partitionOf(conversation)] ?? -1
const portOf = (conversation: string) => engine.store.topology.linkOf(partitionOf(conversation))?.address.port
const follows = (conversation: string, port: number) =>
  until("the engine to follow", async () => portOf(conversation) === port && engine.status().state === "ready")

const startAll = (name: string) => conversations.map((conversation) => startWriter(engine, conversation, name))
const stopAll = (writers: readonly Writer[]) => Promise.all(writers.map((writer) => writer.stop()))
const expectAllOnce = (writers: readonly Writer[]) =>
  Promise.all(writers.map((writer, index) => expectOnce(engine, conversations[index] ?? "", [writer])))

/** The master that a conversation lies with, as a server and as an index among the cluster's first masters. */
async function masterOf(conversation: string) {
  const server = await cluster.masterOf(slotOf(conversation))
  return { server, index: cluster.masters.indexOf(server) }
}

test("masters are told apart, and each partition has one", () => {
  const masters = engine.store.topology.masters()
  expect(masters).toHaveLength(3)
  expect(masters.flatMap(({ partitions }) => partitions)).toHaveLength(256)
  expect(engine.description).toMatch(/\(cluster\)$/)
})

test("[ACK3] slots that move there and back while others write cost nobody an error", async () => {
  const writers = startAll("w")
  await Promise.all(writers.map((writer) => writer.more(10)))
  for (const conversation of conversations.slice(0, 3)) {
    const from = await masterOf(conversation)
    const to = (from.index + 1) % 3
    await cluster.moveSlot(slotOf(conversation), to)
    await follows(conversation, cluster.masters[to]?.port ?? 0)
    await cluster.moveSlot(slotOf(conversation), from.index)
    await follows(conversation, from.server.port)
  }
  await Promise.all(writers.map((writer) => writer.more(10)))
  await stopAll(writers)
  expect(writers.map(({ failures }) => [...failures])).toEqual(conversations.map(() => []))
  await expectAllOnce(writers)
})

test("a slot that stays half way: what has left is asked for where it is, call by call", async () => {
  const { server, index } = await masterOf("a")
  const target = cluster.masters[(index + 1) % 3]
  if (!target) throw new Error("there are three masters")
  const writer = startWriter(engine, "a", "w")
  // All keys of the conversation are there: where one is not, a script that names it has to wait for the slot.
  await writer.more(1)
  await openSlot(slotOf("a"), server, target)
  await moveKeys(slotOf("a"), server, target)
  await writer.more(50)
  await writer.stop()
  expect(portOf("a")).toBe(server.port)
  await expectOnce(engine, "a", [writer])
  // A script that the target has forgotten is told to it in full, and asked for in the same manner.
  await target.cli("SCRIPT", "FLUSH")
  expect(await engine.log.head("a")).toBeDefined()
})

test("[ACK3] a master that is killed is replaced by the one that the cluster promotes", async () => {
  const { server, index } = await masterOf("a")
  const writers = startAll("before")
  await Promise.all(writers.map((writer) => writer.more(10)))
  await stopAll(writers)
  // What was acknowledged may not be lost here: it is sent again by nobody.
  await haveAllOf(server, cluster.replicas.slice(index, index + 1))
  await server.kill()
  const successor = await cluster.masterOf(slotOf("a"))
  await follows("a", successor.port)
  await expectAllOnce(writers)
  const after = startAll("after")
  await Promise.all(after.map((writer) => writer.more(10)))
  await stopAll(after)
  await expectAllOnce(after)
})

test("a master that was frozen and comes back as a replica is not written to", async () => {
  const { server } = await masterOf("a")
  await server.freeze()
  const successor = await cluster.masterOf(slotOf("a"))
  await follows("a", successor.port)
  server.thaw()
  const writers = startAll("w")
  await Promise.all(writers.map((writer) => writer.more(50)))
  await stopAll(writers)
  expect(portOf("a")).toBe(successor.port)
  await expectAllOnce(writers)
})

test("seeds that are gone do not matter once the others are known", async () => {
  const { server, index } = await masterOf("a")
  const [seed] = cluster.replicas.filter((_, at) => at !== index)
  const lean = await opened({ url: urlOf(seed ? [seed] : []), deadlineMs: 500 })
  await seed?.kill()
  await server.kill()
  const successor = await cluster.masterOf(slotOf("a"))
  await until("the engine to follow", async () => {
    return (
      lean.store.topology.linkOf(partitionOf("a"))?.address.port === successor.port && lean.status().state === "ready"
    )
  })
  await lean.close()
})

test("a database other than 0 is refused with the reason", async () => {
  await expect(openRedisEngine({ url: `${urlOf(cluster.nodes)}/1` })).rejects.toMatchObject({
    code: "unusable",
    message: expect.stringMatching(/a Redis Cluster has only 0/),
  })
})
