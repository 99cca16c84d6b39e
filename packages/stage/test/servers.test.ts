/** The servers that other tests stand on: they start, freeze, die and come back, and none outlives its test process. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import fc from "fast-check"
import {
  type Cluster,
  flavours,
  promote,
  type RedisServer,
  ReplyError,
  startCluster,
  startRedis,
  startReplica,
  startSentinels,
  until,
} from "../src/index.ts"
import { launch } from "../src/servers/launch.ts"
import { encodeCommand, parseReply } from "../src/servers/resp-reply.ts"
import { handOverSlot, moveKeys, openSlot } from "../src/servers/slot-move.ts"

const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()))
})

/** Has it stopped when the test is over. */
async function held<Server extends { stop(): Promise<void> }>(starting: Promise<Server>): Promise<Server> {
  const server = await starting
  running.push(server)
  return server
}

describe.each(flavours)("one server: %s", (flavour) => {
  test("is durable unless told otherwise", async () => {
    const server = await held(startRedis({ flavour, config: { hz: 50 } }))
    expect(await server.cli("CONFIG", "GET", "appendonly")).toBe("appendonly\nyes")
    expect(await server.cli("CONFIG", "GET", "appendfsync")).toBe("appendfsync\nalways")
    expect(await server.cli("CONFIG", "GET", "maxmemory-policy")).toBe("maxmemory-policy\nnoeviction")
    expect(await server.cli("CONFIG", "GET", "save")).toBe("save\n")
    expect(await server.cli("CONFIG", "GET", "hz")).toBe("hz\n50")
    expect((await server.cli("INFO", "server")).includes("valkey_version")).toBe(flavour === "valkey")
  })

  test("is killed and comes back where it was, with what it held", async () => {
    const server = await held(startRedis({ flavour }))
    const { port, pid } = server
    await server.cli("RPUSH", "list", "one", "two")
    await server.kill()
    expect(server.state).toBe("ended")
    await expect(server.cli("PING")).rejects.toThrow("ECONNREFUSED")
    await server.restart()
    expect(server.port).toBe(port)
    expect(server.pid).not.toBe(pid)
    expect(await server.command("LRANGE", "list", 0, -1)).toEqual(["one", "two"])
  })

  test("answers nothing while it is frozen, and goes on when it is thawed", async () => {
    const [frozen, other] = await Promise.all([held(startRedis({ flavour })), held(startRedis({ flavour }))])
    await frozen.cli("PING")
    await frozen.freeze()
    const answers: string[] = []
    const answered = frozen.cli("INCR", "count").then((answer) => answers.push(answer))
    for (let turn = 0; turn < 100; turn++) await other.cli("PING")
    expect(answers).toEqual([])
    frozen.thaw()
    await answered
    expect(answers).toEqual(["1"])
  })

  test("can be killed while it is frozen", async () => {
    const server = await held(startRedis({ flavour }))
    await server.freeze()
    await server.stop()
    expect(isGone(server.pid)).toBe(true)
    expect(existsSync(server.folder)).toBe(false)
  })

  test("passwords and users are asked for", async () => {
    const users = ["reader on >letmein ~* +@read"]
    const server = await held(startRedis({ flavour, password: "s3cret", users }))
    expect(server.url).toBe(`redis://:s3cret@127.0.0.1:${server.port}`)
    expect(await server.cli("AUTH", "reader", "letmein")).toBe("OK")
    await expect(server.cli("SET", "a", "b")).rejects.toThrow("NOPERM")
    await expect(server.cli("AUTH", "reader", "wrong")).rejects.toThrow("WRONGPASS")
  })

  test("TLS is answered, and nothing else", async () => {
    const server = await held(startRedis({ flavour, tls: true, password: "s3cret" }))
    expect(server.url).toMatch(/^rediss:/)
    expect(server.ca).toContain("BEGIN CERTIFICATE")
    expect(await server.cli("PING")).toBe("PONG")
    expect(await server.cli("CONFIG", "GET", "port")).toBe("port\n0")
    const replica = await held(startReplica(server))
    expect(await replica.cli("PING")).toBe("PONG")
  })

  test("a replica holds what its master held, and can be made a master", async () => {
    const master = await held(startRedis({ flavour }))
    await master.cli("SET", "a", "1")
    const replica = await held(startReplica(master))
    expect(await replica.cli("GET", "a")).toBe("1")
    await expect(replica.cli("SET", "a", "2")).rejects.toThrow("READONLY")
    await promote(replica)
    expect(await replica.cli("SET", "a", "2")).toBe("OK")
    expect(await master.cli("GET", "a")).toBe("1")
  })
})

describe("starting", () => {
  test("many servers at once get ports and folders of their own", async () => {
    const servers = await Promise.all(Array.from({ length: 8 }, () => held(startRedis())))
    expect(new Set(servers.map(({ port }) => port)).size).toBe(8)
    expect(new Set(servers.map(({ folder }) => folder)).size).toBe(8)
  })

  test("a port that somebody has is noticed, though somebody answers there", async () => {
    const [owner, other] = await Promise.all([held(startRedis()), held(startRedis())])
    await other.kill()
    const file = `${other.folder}/server.conf`
    writeFileSync(file, readFileSync(file, "utf8").replace(`port ${other.port}`, `port ${owner.port}`))
    expect(await launch(owner.plan, other.folder, owner.port)).toBeUndefined()
  })

  test("a server that refuses its configuration says why", async () => {
    await expect(startRedis({ config: { "no-such-directive": "yes" } })).rejects.toThrow("no-such-directive")
  })
})

describe.each(flavours)("a cluster: %s", (flavour) => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ flavour, password: "s3cret" })
  })
  afterAll(() => cluster.stop())

  test("shares the slots out, with a replica for each master", async () => {
    const owners = await Promise.all([0, 8_000, 16_383].map((slot) => cluster.masterOf(slot)))
    expect(owners).toEqual(cluster.masters)
    for (const replica of cluster.replicas) expect(await replica.cli("ROLE")).toMatch(/^slave\n/)
  })

  test("moves a slot while a writer writes, and loses nothing", async () => {
    const slot = Number(await cluster.masters[0]?.cli("CLUSTER", "KEYSLOT", "moving"))
    const writer = new Writer(cluster, await cluster.masterOf(slot))
    for (let count = 0; count < 250; count++) await writer.write(`{moving}${count}`)
    for (const target of [1, 2, 0]) {
      let arrived = false
      const moved = cluster.moveSlot(slot, target).finally(() => {
        arrived = true
      })
      while (!arrived) await writer.write(`{moving}${writer.written % 300}`)
      await moved
      expect(await cluster.masterOf(slot)).toBe(cluster.masters[target])
      expect(await writer.sum("{moving}", 300)).toBe(writer.written)
    }
  })

  test("a slot that is on its way is served by both", async () => {
    const slot = Number(await cluster.masters[0]?.cli("CLUSTER", "KEYSLOT", "half"))
    const from = await cluster.masterOf(slot)
    const to = cluster.masters.find((master) => master !== from) as RedisServer
    const writer = new Writer(cluster, from)
    await writer.write("{half}0")
    await openSlot(slot, from, to)
    await expect(from.cli("GET", "{half}1")).rejects.toThrow(`ASK ${slot} 127.0.0.1:${to.port}`)
    await writer.write("{half}1")
    expect(await from.cli("GET", "{half}0")).toBe("1")
    await moveKeys(slot, from, to)
    await expect(from.cli("GET", "{half}0")).rejects.toThrow("ASK")
    await handOverSlot(slot, from, to, cluster.running)
    await cluster.settled()
    await expect(from.cli("GET", "{half}0")).rejects.toThrow(`MOVED ${slot} 127.0.0.1:${to.port}`)
    expect(await writer.sum("{half}", 2)).toBe(2)
  })

  test("replaces a master that was killed, and takes it back as a replica", async () => {
    const killed = await cluster.masterOf(16_383)
    await killed.kill()
    const successor = await cluster.masterOf(16_383)
    expect(cluster.replicas).toContain(successor)
    await cluster.settled()
    await killed.restart()
    await until("the old master to follow", async () => (await killed.cli("ROLE")).startsWith("slave"))
  })
})

describe.each(flavours)("Sentinels: %s", (flavour) => {
  test("replace a master that was frozen, and hold it back when it wakes up", async () => {
    const group = await held(startSentinels({ flavour, name: "chat", password: "s3cret" }))
    const first = await group.master()
    expect(first).toBe(group.servers[0])
    await first.cli("SET", "a", "1")
    await first.cli("WAIT", 2, 0)
    await first.freeze()
    const second = await group.master()
    expect(second).not.toBe(first)
    expect(await second.cli("GET", "a")).toBe("1")
    first.thaw()
    await until("the old master to follow", async () => (await first.cli("ROLE")).startsWith("slave"))
    expect(await group.master()).toBe(second)
  })
})

test("servers go when their process is killed, frozen ones too, and leave no files", async () => {
  const parent = startProgram("orphan.ts")
  const [line] = await once(parent.stdout, "data")
  const { folder, pids } = JSON.parse(`${line}`) as { folder: string; pids: number[] }
  expect(pids.map(isGone)).toEqual([false, false])
  parent.kill("SIGKILL")
  await until("the servers to go", async () => pids.every(isGone))
  await until("their folder to go", async () => !existsSync(folder))
})

test("a program that waits for a server's end, and for nothing else, is there when it comes", async () => {
  const parent = startProgram("waiter.ts")
  const ended = once(parent, "exit")
  expect(await text(parent.stdout)).toBe("it has ended\n")
  expect(await ended).toEqual([0, null])
})

test("a reply is read the same however it is cut", () => {
  const texts = fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 })
  fc.assert(
    fc.property(texts, fc.nat(), (args, cut) => {
      // A command has the form of an array of texts, which is a reply as well.
      const bytes = Buffer.from(encodeCommand(args))
      expect(parseReply(bytes)).toEqual({ reply: args, next: bytes.length })
      expect(parseReply(bytes.subarray(0, cut % bytes.length))).toBeUndefined()
    }),
  )
})

function startProgram(file: string) {
  const script = fileURLToPath(new URL(file, import.meta.url))
  return spawn(process.execPath, ["--import", "jiti/register", script], { stdio: ["ignore", "pipe", "inherit"] })
}

/** A process that nobody has waited for yet (Z) runs no more. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return existsSync("/proc/self") && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
  } catch {
    return true
  }
}

/** A client that follows a cluster's redirections, and knows how many increments it was promised. */
class Writer {
  written = 0
  readonly #cluster: Cluster
  #at: RedisServer

  constructor(cluster: Cluster, at: RedisServer) {
    this.#cluster = cluster
    this.#at = at
  }

  async write(key: string): Promise<void> {
    await this.#follow("INCR", key)
    this.written++
  }

  async sum(prefix: string, keys: number): Promise<number> {
    const values = Array.from({ length: keys }, (_, index) => this.#follow("GET", `${prefix}${index}`))
    return (await Promise.all(values)).reduce((sum, value) => sum + Number(value), 0)
  }

  async #follow(...args: readonly string[]): Promise<string> {
    for (;;) {
      try {
        return await this.#at.cli(...args)
      } catch (error) {
        const [kind, , address = ""] = error instanceof ReplyError ? error.message.split(" ") : []
        if (kind === "MOVED") this.#at = this.#nodeAt(address)
        else if (kind === "ASK") return await asked(this.#nodeAt(address), args)
        else throw error
      }
    }
  }

  #nodeAt(address: string): RedisServer {
    const node = this.#cluster.nodes.find(({ port }) => address.endsWith(`:${port}`))
    if (!node) throw new Error(`sent to a stranger: ${address}`)
    return node
  }
}

/** Both go out on one connection, one after the other, as the cluster's protocol wants it. */
async function asked(node: RedisServer, args: readonly string[]): Promise<string> {
  await node.cli("PING")
  const [, answer] = await Promise.all([node.cli("ASKING"), node.cli(...args)])
  return answer
}
