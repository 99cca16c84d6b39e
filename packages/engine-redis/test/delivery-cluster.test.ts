/** Nodes on a cluster: channels go where their partitions go, and nothing is lost on the way. */
import { type Cluster, startCluster, until } from "@everthread/stage"
import { partitionOf, slotOfPartition } from "../src/keys.ts"
import { Chain } from "./delivery-support/chain.ts"
import { append, begin, freshId, type Node, send, startNode } from "./delivery-support/nodes.ts"

let cluster: Cluster
let url: string
let a: Node
let b: Node

beforeAll(async () => {
  cluster = await startCluster({ masters: 3, replicas: 3, config: { appendfsync: "everysec" } })
  url = `redis://${cluster.masters.map(({ port }) => `127.0.0.1:${port}`).join(",")}`
  a = await startNode(url)
  b = await startNode(url)
})

afterAll(async () => {
  await Promise.all([a?.engine.close(), b?.engine.close()])
  await cluster?.stop()
})

const mastersOf = async (partition: number) => {
  const master = await cluster.masterOf(slotOfPartition[partition] ?? 0)
  return cluster.masters.indexOf(master)
}

describe("two nodes on a cluster", () => {
  test("[LOG5] each hears what both write, whichever master it goes through", async () => {
    const conversations = await Promise.all(Array.from({ length: 60 }, () => begin(a.engine)))
    expect(new Set(await Promise.all(conversations.map((one) => mastersOf(partitionOf(one))))).size).toBe(3)
    const chains = await Promise.all(
      conversations.flatMap((one) => [a, b].map(({ engine }) => Chain.follow(engine, one))),
    )
    for (const one of conversations) await append(a.engine, one, "from a")
    for (const one of conversations) await append(b.engine, one, "from b")
    await Promise.all(chains.map((chain) => chain.endsWith("from b")))
    expect(chains.filter(({ names, misses, faults }) => names.length !== 3 || misses + faults.length > 0)).toEqual([])
    for (const { stop } of chains) stop()
  })

  test("[LOG5] [SUB1] a slot that moves while it is written and heard loses nothing, and its channel moves with it", async () => {
    const conversation = freshId()
    await begin(a.engine, conversation)
    const partition = partitionOf(conversation)
    const channel = a.engine.keys.channel(partition)
    const chains = await Promise.all([a, b].map(({ engine }) => Chain.follow(engine, conversation)))
    let isMoving = true
    let count = 0
    const writing = (async () => {
      while (isMoving) await send((count % 2 ? a : b).engine, conversation, `m${count++}`)
    })()
    const from = await mastersOf(partition)
    for (const step of [1, 2, 3]) await cluster.moveSlot(slotOfPartition[partition] ?? 0, (from + step) % 3)
    isMoving = false
    await writing
    await send(a.engine, conversation, "last")
    await Promise.all(chains.map((chain) => chain.endsWith("last")))
    for (const { names, faults } of chains) {
      expect(faults).toEqual([])
      expect(names).toEqual(["begin", ...Array.from({ length: count }, (_, n) => `m${n}`), "last"])
    }
    const heardAt = async () =>
      Promise.all(
        cluster.masters.map(async (master) =>
          Number((await master.cli("PUBSUB", "SHARDNUMSUB", channel)).split("\n")[1]),
        ),
      )
    const home = await mastersOf(partition)
    await until("both to hear it at its place and nowhere else", async () => {
      return (await heardAt()).every((subscribers, index) => subscribers === (index === home ? 2 : 0))
    })
    const misses = chains.map((chain) => chain.misses)
    await append(b.engine, conversation, "after")
    await Promise.all(chains.map((chain) => chain.endsWith("after")))
    expect(chains.map((chain) => chain.misses)).toEqual(misses)
    for (const { stop } of chains) stop()
  })

  test("[LOG5] [LIN1] when a master is killed, every node ends with what its successor has", async () => {
    const safe = await startNode(url, { durability: "replicated" })
    const conversations = await Promise.all(Array.from({ length: 30 }, () => begin(safe.engine)))
    await safe.engine.close()
    const chains = await Promise.all(conversations.map((one) => Chain.follow(b.engine, one)))
    const writes = conversations.map(async (one) => {
      for (let n = 0; n < 20; n++) await send(a.engine, one, `m${n}`)
    })
    await until("some to be heard", async () => chains.some(({ names }) => names.length > 3))
    await cluster.masters[0]?.kill()
    await Promise.all(writes)
    for (const one of conversations) await send(a.engine, one, "last")
    for (const chain of chains) await chain.endsWith("last")
    const stored = await Promise.all(conversations.map((one) => Chain.follow(a.engine, one)))
    expect(chains.map(({ names }) => names)).toEqual(stored.map(({ names }) => names))
    expect(chains.flatMap(({ faults }) => faults)).toEqual([])
    expect(Math.max(...chains.map(({ resets }) => resets))).toBeLessThanOrEqual(1)
  })
})
