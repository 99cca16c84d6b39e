/** Two nodes on one server: what one writes the other hears, whatever happens to the connections between. */
import { flavours, type RedisServer, startRedis, until } from "@everthread/stage"
import { Chain } from "./delivery-support/chain.ts"
import { append, begin, freshId, type Node, nonce, send, startNode } from "./delivery-support/nodes.ts"

describe.each(flavours)("two nodes on %s", (flavour) => {
  let server: RedisServer
  let a: Node
  let b: Node

  beforeAll(async () => {
    server = await startRedis({ flavour, config: { appendfsync: "everysec" } })
    a = await startNode(server.url)
    b = await startNode(server.url)
  })

  afterAll(async () => {
    await Promise.all([a.engine.close(), b.engine.close()])
    await server.stop()
  })

  const both = async (conversation: string) => {
    const chains = await Promise.all([a, b].map(({ engine }) => Chain.follow(engine, conversation)))
    const all = () => chains.map(({ names }) => names)
    return { chains, all, faults: () => chains.flatMap(({ faults }) => faults) }
  }

  test("[LOG5] each hears what both write, in one order, and nothing is said to be missed", async () => {
    const conversation = await begin(a.engine)
    const { chains, all, faults } = await both(conversation)
    const names = Array.from({ length: 400 }, (_, index) => `m${index}`)
    await Promise.all(names.map((name, index) => append((index % 2 ? a : b).engine, conversation, name)))
    await append(a.engine, conversation, "last")
    await Promise.all(chains.map((chain) => chain.endsWith("last")))
    const [heardByA, heardByB] = all()
    expect(heardByA).toEqual(heardByB)
    expect(new Set(heardByA)).toEqual(new Set(["begin", ...names, "last"]))
    expect(faults()).toEqual([])
    expect(chains.map(({ misses, appends }) => [misses, appends])).toEqual([
      [0, 401],
      [0, 401],
    ])
  })

  test("[LOG5] while subscribers are killed again and again, chains hold, and in the end nothing is missing", async () => {
    const conversations = await Promise.all(Array.from({ length: 5 }, () => begin(a.engine)))
    const follows = await Promise.all(conversations.map(both))
    const replacedBefore = a.replaced() + b.replaced()
    let isWriting = true
    const killing = (async () => {
      for (let kills = 0; isWriting || kills < 5; kills++) {
        const before = a.replaced() + b.replaced()
        await server.command("CLIENT", "KILL", "TYPE", "pubsub")
        await until("subscribers to come back", async () => a.replaced() + b.replaced() >= before + 2)
      }
    })()
    await Promise.all(
      conversations.map(async (conversation, writer) => {
        for (let n = 0; n < 200; n++) await send((n % 2 ? a : b).engine, conversation, `${writer}-${n}`)
      }),
    )
    isWriting = false
    await killing
    for (const conversation of conversations) await send(a.engine, conversation, "last")
    for (const { chains, all, faults } of follows) {
      await Promise.all(chains.map((chain) => chain.endsWith("last")))
      const [heardByA, heardByB] = all()
      expect(heardByA).toEqual(heardByB)
      expect(heardByA).toHaveLength(202)
      expect(faults()).toEqual([])
    }
    expect(a.replaced() + b.replaced() - replacedBefore).toBeGreaterThanOrEqual(10)
  })

  test("[LOG5] [CON6] what a stranger says on the channel is not told, and harms nobody", async () => {
    const conversation = await begin(a.engine)
    const { chains, faults } = await both(conversation)
    const channel = a.engine.keys.channel(a.engine.keys.partitionOf(conversation))
    const name = JSON.stringify(conversation)
    const texts = ["", "\n", "garbage", "{}\n\n\n", `${name}\n`, `${name}\n\nnothing`, `${name}\n\n0-0\nno nonce!\n{}`]
    for (const text of [...texts, `${name}\n\nx-1\n1\n{}`, '"nobody"\n\n0-0\n1\n{}', `[${name}]\n\n0-0\n1\n{}`])
      await server.command("SPUBLISH", channel, text)
    await append(b.engine, conversation, "last")
    await Promise.all(chains.map((chain) => chain.endsWith("last")))
    expect(chains.map(({ appends, misses }) => [appends, misses])).toEqual([
      [1, 0],
      [1, 0],
    ])
    expect(faults()).toEqual([])
  })

  test("[LIN1] what is published though no log has it is taken back, within seconds and once", async () => {
    const conversation = await begin(a.engine)
    await append(a.engine, conversation, "true")
    const { chains } = await both(conversation)
    const channel = a.engine.keys.channel(a.engine.keys.partitionOf(conversation))
    const head = chains[0]?.cursor
    const forged = [JSON.stringify(conversation), "o", head, nonce(), '{"text":"in no log"}']
    await server.command("SPUBLISH", channel, forged.join("\n"))
    await until("both to be told of it", async () => chains.every(({ appends }) => appends > 0))
    await until("both to find out", async () => chains.every(({ resets }) => resets > 0))
    await append(b.engine, conversation, "last")
    await Promise.all(chains.map((chain) => chain.endsWith("last")))
    expect(chains.map(({ names, resets, misses }) => ({ names, resets, misses }))).toEqual([
      { names: ["begin", "true", "last"], resets: 1, misses: 1 },
      { names: ["begin", "true", "last"], resets: 1, misses: 1 },
    ])
  })

  test("[LOG5] an entry of ten megabytes is heard like any other", async () => {
    const conversation = await begin(a.engine)
    const { chains, faults } = await both(conversation)
    const long = "x".repeat(10_000_000)
    await append(a.engine, conversation, long)
    await append(b.engine, conversation, "last")
    await Promise.all(chains.map((chain) => chain.endsWith("last")))
    expect(chains.map(({ names }) => names.map((name) => name.length))).toEqual([
      [5, 10_000_000, 4],
      [5, 10_000_000, 4],
    ])
    expect(faults()).toEqual([])
  })

  test("[DLV3] a node that the server lets go for being slow is back, and misses nothing", async () => {
    const conversation = await begin(a.engine)
    const { chains, faults } = await both(conversation)
    await server.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 100kb 50kb 1")
    const before = b.replaced()
    await append(a.engine, conversation, "y".repeat(1_000_000))
    await until("the subscribers to be let go", async () => b.replaced() > before)
    await server.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 32mb 8mb 60")
    await send(a.engine, conversation, "last")
    await Promise.all(chains.map((chain) => chain.endsWith("last")))
    expect(chains.map(({ names }) => names.map((name) => name.length))).toEqual([
      [5, 1_000_000, 4],
      [5, 1_000_000, 4],
    ])
    expect(faults()).toEqual([])
  })

  test("[LOG5] who listens to two thousand conversations hears each of them, also after its connection was lost", async () => {
    const conversations = await Promise.all(Array.from({ length: 2_000 }, () => begin(a.engine)))
    const chains = await Promise.all(conversations.map((conversation) => Chain.follow(b.engine, conversation)))
    const write = (name: string) => Promise.all(conversations.map((one) => send(a.engine, one, name)))
    await write("one")
    await until("all to hear it", async () => chains.every(({ names }) => names.at(-1) === "one"))
    await server.command("CLIENT", "KILL", "TYPE", "pubsub")
    await write("two")
    await until("all to hear the next one", async () => chains.every(({ names }) => names.at(-1) === "two"))
    expect(chains.flatMap(({ faults }) => faults)).toEqual([])
    expect(chains.filter(({ names }) => names.length !== 3)).toEqual([])
    // Only who did miss something was told so, and whoever was told read once.
    expect(chains.filter(({ misses }) => misses > 1)).toEqual([])
    for (const { stop } of chains) stop()
  })

  test("[LOG5] a conversation that comes and goes subscribes once", async () => {
    const conversation = freshId()
    const channel = a.engine.keys.channel(a.engine.keys.partitionOf(conversation))
    const subscriptions = async () =>
      Number(/cmdstat_ssubscribe:calls=(\d+)/.exec(await server.cli("INFO", "commandstats"))?.[1])
    await begin(a.engine, conversation)
    const first = await Chain.follow(a.engine, conversation)
    const before = await subscriptions()
    first.stop()
    for (let times = 0; times < 20; times++) (await Chain.follow(a.engine, conversation)).stop()
    expect(await subscriptions()).toBe(before)
    expect(Number((await server.cli("PUBSUB", "SHARDNUMSUB", channel)).split("\n")[1])).toBeGreaterThan(0)
  })

  test("[LOG5] runs that were opened while nobody heard are told by a look at everything", async () => {
    const opened: [string, string][] = []
    const stop = b.engine.leases.onOpened((conversation, run) => opened.push([conversation, run]))
    const conversation = await begin(a.engine)
    await append(a.engine, conversation, "run", { runs: [{ run: "r1", state: "open" }] })
    await until("the opening to be told", async () => opened.some(([, run]) => run === "r1"))
    await server.command("CLIENT", "KILL", "TYPE", "pubsub")
    await until("a look at everything", async () => opened.some(([, run]) => run === ""))
    const runs = await b.engine.leases.openRuns()
    expect(runs.filter((run) => run.conversation === conversation)).toHaveLength(1)
    stop()
  })

  test("[CON8] members that came through another node are told here, once here, and after a silence nobody is named", async () => {
    const told: [string, readonly string[]][] = []
    const own: (readonly string[])[] = []
    const stops = [
      b.engine.directory.onChanged((conversation, users) => told.push([conversation, users])),
      a.engine.directory.onChanged((_, users) => own.push(users)),
    ]
    const conversation = await begin(a.engine)
    const add = (user: string) => append(a.engine, conversation, user, { members: [{ user, role: "member" }] })
    await add("漢字")
    await until("the member to be told of", async () =>
      told.some(([where, [user]]) => where === conversation && user === "漢字"),
    )
    await add("last")
    await until("the next one to be told of", async () => told.some(([, [user]]) => user === "last"))
    expect(own.flat().filter((user) => user === "漢字")).toHaveLength(1)
    await server.command("CLIENT", "KILL", "TYPE", "pubsub")
    await until("nobody to be named", async () => told.some(([where, users]) => where === "" && users.length === 0))
    for (const stop of stops) stop()
  })
})
