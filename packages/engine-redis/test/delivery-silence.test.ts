/** What nobody is told of: a subscriber that hears nothing any more, a lost message, a master that was replaced. */
import { promote, type RedisServer, startRedis, startReplica, until } from "@everthread/stage"
import { Chain } from "./delivery-support/chain.ts"
import { FaultyWay } from "./delivery-support/faulty-way.ts"
import { append, begin, type Node, send, startNode } from "./delivery-support/nodes.ts"

describe("a node whose subscriber hears nothing, though nobody says so", () => {
  let server: RedisServer
  let way: FaultyWay
  let a: Node
  let b: Node

  beforeEach(async () => {
    server = await startRedis({ config: { appendfsync: "everysec" } })
    way = await FaultyWay.start(server.port)
    a = await startNode(server.url)
    b = await startNode(way.url)
  })

  afterEach(async () => {
    await Promise.all([a.engine.close(), b.engine.close()])
    await way.close()
    await server.stop()
  })

  test("[LOG5] a deaf connection is replaced, and what it gives out afterwards is not told", async () => {
    const conversation = await begin(a.engine)
    const chain = await Chain.follow(b.engine, conversation)
    way.deafen()
    await append(a.engine, conversation, "unheard")
    await until("the connection to be replaced", async () => b.replaced() === 1)
    await chain.endsWith("unheard")
    await append(a.engine, conversation, "heard")
    await chain.endsWith("heard")
    const told = chain.appends
    way.undeafen()
    await append(a.engine, conversation, "last")
    await chain.endsWith("last")
    expect(chain.appends).toBe(told + 1)
    expect(chain).toMatchObject({ names: ["begin", "unheard", "heard", "last"], faults: [], resets: 0 })
  })

  test("[LOG5] the last message before a silence is lost, and found within seconds where a run is at work", async () => {
    const conversation = await begin(a.engine)
    const chain = await Chain.follow(b.engine, conversation)
    await append(a.engine, conversation, "run", { runs: [{ run: "r", state: "open" }] })
    await chain.endsWith("run")
    way.lose((frame) => frame.includes("lost"))
    await append(a.engine, conversation, "lost")
    await until("it to be lost", async () => way.lost === 1)
    await chain.endsWith("lost")
    expect(chain).toMatchObject({ misses: 1, resets: 0, faults: [] })
    expect(b.replaced()).toBe(0)
  })

  test("[LOG5] a message that is lost before others is told as missed when the next one comes", async () => {
    const conversation = await begin(a.engine)
    const chain = await Chain.follow(b.engine, conversation)
    way.lose((frame) => frame.includes("lost"))
    for (const name of ["first", "lost", "next"]) await append(a.engine, conversation, name)
    await chain.endsWith("next")
    expect(chain).toMatchObject({ names: ["begin", "first", "lost", "next"], misses: 1, faults: [] })
  })

  test("[LOG5] a server that stood still for three seconds costs nothing", async () => {
    const conversations = await Promise.all(Array.from({ length: 50 }, () => begin(a.engine)))
    const chains = await Promise.all(conversations.map((one) => Chain.follow(b.engine, one)))
    const writes = conversations.map(async (one) => {
      for (let n = 0; n < 20; n++) await send(a.engine, one, `m${n}`)
    })
    await until("some to be heard", async () => chains.some(({ names }) => names.length > 2))
    await server.freeze()
    await until("the subscriber to be given up", async () => way.subscribersEnded > 0)
    server.thaw()
    await Promise.all(writes)
    for (const chain of chains) await chain.endsWith("m19")
    expect(chains.filter(({ names }) => names.length !== 21)).toEqual([])
    expect(chains.flatMap(({ faults, resets }) => [...faults, ...Array(resets).fill("reset")])).toEqual([])
  })

  test("[SUB1] listening is refused while it cannot be in force, and works again when it can", async () => {
    const conversation = await begin(a.engine)
    await server.freeze()
    const listening = Chain.follow(b.engine, conversation)
    await expect(listening).rejects.toMatchObject({ name: "EngineError", code: "unavailable" })
    server.thaw()
    await send(a.engine, conversation, "one")
    const chain = await until("listening to work again", () => Chain.follow(b.engine, conversation))
    await send(a.engine, conversation, "two")
    await chain.endsWith("two")
    expect(chain).toMatchObject({ names: ["begin", "one", "two"], faults: [] })
  })
})

describe("a master that was frozen and replaced", () => {
  test("[LIN1] publishes what no log has when it comes back, and nobody keeps it", async () => {
    const old = await startRedis({ config: { appendfsync: "everysec" } })
    const replica = await startReplica(old)
    const way = await FaultyWay.start(old.port)
    const [a, b] = [await startNode(way.url), await startNode(way.url)]
    const conversation = await begin(a.engine)
    await append(a.engine, conversation, "shared", { runs: [{ run: "r", state: "open" }] })
    await until("the replica to have it", async () => {
      return (await replica.cli("XLEN", a.engine.keys.log(conversation))) === "2"
    })
    const chains = await Promise.all([a, b].map(({ engine }) => Chain.follow(engine, conversation)))
    await old.freeze()
    // It lies in the frozen server's socket, and will be done and published when the server goes on.
    const doomed = append(a.engine, conversation, "doomed").catch(() => undefined)
    await promote(replica)
    way.target = replica.port
    await until("both to be with the new master", async () => {
      return (
        [a, b].every(({ engine }) => engine.store.topology.linkOf(0) !== undefined) && a.replaced() + b.replaced() >= 2
      )
    })
    await doomed
    old.thaw()
    await until("the old master to have done it", async () => {
      return (await old.cli("XLEN", a.engine.keys.log(conversation))) === "3"
    })
    await send(b.engine, conversation, "true")
    await send(a.engine, conversation, "last")
    await Promise.all(chains.map((chain) => chain.endsWith("last")))
    expect(chains.map(({ names }) => names)).toEqual([
      ["begin", "shared", "true", "last"],
      ["begin", "shared", "true", "last"],
    ])
    expect(chains.flatMap(({ faults }) => faults)).toEqual([])
    await Promise.all([a.engine.close(), b.engine.close()])
    await way.close()
    await Promise.all([old.stop(), replica.stop()])
  })

  test("[LIN1] is heard until nobody believes it any more: what only it has is taken back, once", async () => {
    const old = await startRedis({ config: { appendfsync: "everysec" } })
    const replica = await startReplica(old)
    const way = await FaultyWay.start(old.port)
    const [a, b] = [await startNode(old.url), await startNode(way.url)]
    const conversation = await begin(a.engine)
    await append(a.engine, conversation, "shared")
    await until("the replica to have it", async () => {
      return (await replica.cli("XLEN", a.engine.keys.log(conversation))) === "2"
    })
    const chain = await Chain.follow(b.engine, conversation)
    await promote(replica)
    // The node goes on hearing the old master, where somebody still writes; its commands reach the new one.
    way.target = replica.port
    await append(a.engine, conversation, "doomed")
    await chain.endsWith("doomed")
    b.engine.store.topology.linkOf(0)?.close("the test moves it")
    await until("the subscriber to be replaced", async () => b.replaced() === 1)
    await send(b.engine, conversation, "true")
    await chain.endsWith("true")
    expect(chain).toMatchObject({ names: ["begin", "shared", "true"], resets: 1, faults: [] })
    await Promise.all([a.engine.close(), b.engine.close()])
    await way.close()
    await Promise.all([old.stop(), replica.stop()])
  })
})
