/** Nodes on a master with replicas: what is told is as durable as was asked for, and a failover takes back what was not. */
import { type RedisServer, startRedis, startReplica, startSentinels, until } from "@everthread/stage"
import { Chain } from "./delivery-support/chain.ts"
import { append, begin, send, startNode } from "./delivery-support/nodes.ts"

const config = { appendfsync: "everysec" }

const published = async (server: RedisServer) =>
  Number(/cmdstat_spublish:calls=(\d+)/.exec(await server.cli("INFO", "commandstats"))?.[1])

describe("nodes whose appends have to be replicated", () => {
  test("[LOG5] [ACK1] are told of nothing that the replica does not have", async () => {
    const master = await startRedis({ config })
    const replica = await startReplica(master)
    const options = { durability: "replicated", replicas: 1 } as const
    const [a, b] = [await startNode(master.url, options), await startNode(master.url, options)]
    const conversation = await begin(a.engine)
    const chain = await Chain.follow(b.engine, conversation)
    await append(a.engine, conversation, "one")
    await chain.endsWith("one")
    await replica.freeze()
    const before = await published(master)
    const sent = send(a.engine, conversation, "two")
    await until("the master to have it and to publish it", async () => (await published(master)) > before)
    // Whatever was published to this node before is heard now: its canaries go the same way.
    const canaries = await published(master)
    await until("two more canaries", async () => (await published(master)) > canaries + 3)
    expect(chain.names).toEqual(["begin", "one"])
    replica.thaw()
    await chain.endsWith("two")
    await sent
    expect(chain).toMatchObject({ names: ["begin", "one", "two"], faults: [], resets: 0 })
    await Promise.all([a.engine.close(), b.engine.close()])
    await Promise.all([master.stop(), replica.stop()])
  })
})

describe("nodes behind Sentinel", () => {
  test("[LIN3] a master that was frozen, replaced and thawed leaves nothing of its own behind", async () => {
    const group = await startSentinels({ config, replicas: 1 })
    const url = `redis://${group.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",")}?sentinel=${group.name}`
    const [a, b] = [await startNode(url), await startNode(url)]
    const old = await group.master()
    const conversations = await Promise.all(Array.from({ length: 20 }, () => begin(a.engine)))
    for (const one of conversations) await send(a.engine, one, "shared")
    const replica = group.servers.find((server) => server !== old)
    const replicated = (one: string) => replica?.cli("XLEN", a.engine.keys.log(one))
    await until("the replica to have it all", async () => {
      return (await Promise.all(conversations.map(replicated))).every((length) => length === "2")
    })
    const chains = await Promise.all(
      conversations.flatMap((one) => [a, b].map(({ engine }) => Chain.follow(engine, one))),
    )
    await old.freeze()
    // They lie in the frozen server's socket. It will do them, and publish them, before it learns that it is none.
    const doomed = conversations.map((one) => append(a.engine, one, "doomed").catch(() => undefined))
    await until("a new master", async () => (await group.master()) !== old)
    await Promise.all(doomed)
    for (const one of conversations) await send(b.engine, one, "true")
    old.thaw()
    await until("the old master to follow the new one", async () => (await old.cli("ROLE")).startsWith("slave"))
    for (const one of conversations) await send(a.engine, one, "last")
    await Promise.all(chains.map((chain) => chain.endsWith("last")))
    const kept = chains.map(({ names }) => names.filter((name) => name !== "doomed"))
    expect(kept).toEqual(chains.map(() => ["begin", "shared", "true", "last"]))
    expect(chains.flatMap(({ faults }) => faults)).toEqual([])
    const stored = await Promise.all(chains.map(({ conversation }) => Chain.follow(b.engine, conversation)))
    expect(chains.map(({ names }) => names)).toEqual(stored.map(({ names }) => names))
    await Promise.all([a.engine.close(), b.engine.close()])
    await group.stop()
  })
})
