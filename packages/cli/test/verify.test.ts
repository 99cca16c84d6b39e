/** `everthread verify` on live deployments: nothing is found where nothing is wrong, and nothing is written. */
import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Conversation } from "@everthread/client"
import type { RedisServer } from "@everthread/stage"
import { ran } from "./fake-context.ts"
import { agentFile, serve } from "./serving.ts"
import { ask, compact, type Deployment, deploy, device, sayLongAgo, unlimitedFlags } from "./verify-deployment.ts"

const ended: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

async function started(kind: "embedded" | "Redis"): Promise<Deployment> {
  const deployment = await deploy(kind)
  ended.push(() => deployment.end())
  return deployment
}

/** Conversations that are begun and left while we look. */
const joinedMax = 40

/** Two devices that write, and one that has an agent answer, until they are told to stop. */
async function writers(port: number): Promise<() => Promise<void>> {
  const ada = device(port, "ada")
  const { conversation: id } = await ada.create({ title: "load", agent: "echo", members: ["bob"] })
  const bob = device(port, "bob")
  const { conversation: hall } = await bob.create({ title: "hall", members: ["ada"] })
  ended.push(() => [ada, bob].forEach((client) => void client.close()))
  let isOver = false
  const until = async (write: () => Promise<unknown>) => {
    while (!isOver) await write()
  }
  const chat = async (conversation: Conversation) => until(() => conversation.send("hm"))
  let joined = 0
  const join = async () =>
    until(async () => {
      if (++joined > joinedMax) return bob.conversation(hall).send("ha")
      const { conversation } = await bob.create({ title: "short", members: ["ada"] })
      await bob.conversation(conversation).send("one")
      return bob.conversation(conversation).removeMember("ada")
    })
  const spoken = ada.conversation(id)
  await ask(spoken, "first")
  const all = Promise.all([until(() => ask(spoken, "again")), chat(bob.conversation(hall)), join()])
  return async () => {
    isOver = true
    await all
  }
}

async function expectWhole(flags: readonly string[]): Promise<{ entries: number; checkpoints: number }> {
  const { out, err, code } = await ran(["verify", ...flags, "--json"])
  expect([code, err, JSON.parse(out)]).toMatchObject([0, "", { whole: true, findings: [], more: 0 }])
  return (JSON.parse(out) as { looked: { entries: number; checkpoints: number } }).looked
}

test("[VER1] while people write and agents answer on Redis, looking finds nothing wrong", async () => {
  const { node, flags } = await started("Redis")
  const stop = await writers(node.port)
  const first = await expectWhole(flags)
  const second = await expectWhole(flags)
  await stop()
  expect(second.entries).toBeGreaterThan(first.entries)
  expect(second.checkpoints).toBeGreaterThan(0)
}, 120_000)

test("[VER1] beside a server that has the data folder, too, and it is said that one has", async () => {
  const folder = mkdtempSync(join(tmpdir(), "everthread-verify-"))
  ended.push(() => rmSync(folder, { recursive: true }))
  const data = join(folder, "data")
  const serving = serve(["--data", data, "--graph", `echo=${agentFile("echo")}:graph`, ...unlimitedFlags], {}, folder)
  ended.push(() => {
    serving.child.kill("SIGKILL")
    return serving.ended
  })
  const address = new URL(await serving.ready)
  const stop = await writers(Number(address.port))
  const first = await expectWhole(["--data", data])
  const { out } = await ran(["verify", "--data", data])
  expect(out).toContain(`(process ${serving.child.pid})`)
  const last = await expectWhole(["--data", data])
  await stop()
  expect(last.entries).toBeGreaterThan(first.entries)
  // The server's own promises are as they were: the folder is still its own.
  expect(serving.child.exitCode).toBeNull()
}, 120_000)

const shortSeconds = 600

/** What is in a Redis for longer than a test lasts. */
async function dumpOf(redis: RedisServer): Promise<string> {
  const keys = ((await redis.command("KEYS", "*")) as string[]).map(String).sort()
  const digest = createHash("sha256")
  for (const key of keys) {
    const seconds = Number(await redis.cli("TTL", key))
    if (seconds >= 0 && seconds < shortSeconds) continue
    digest.update(`${key} ${await redis.cli("TYPE", key)} ${await contentOf(redis, key)}\n`)
  }
  return digest.digest("hex")
}

async function contentOf(redis: RedisServer, key: string): Promise<string> {
  switch (await redis.cli("TYPE", key)) {
    case "stream":
      return redis.cli("XRANGE", key, "-", "+")
    case "hash":
      return redis.cli("HGETALL", key)
    case "zset":
      return redis.cli("ZRANGE", key, 0, -1, "WITHSCORES")
    case "list":
      return redis.cli("LRANGE", key, 0, -1)
    case "set":
      return redis.cli("SMEMBERS", key)
    default:
      return redis.cli("GET", key)
  }
}

async function filled(deployment: Deployment): Promise<void> {
  const ada = device(deployment.node.port, "ada")
  const { conversation } = await ada.create({ title: "some", agent: "echo", members: ["bob"] })
  await ask(ada.conversation(conversation), "one")
  const { conversation: long } = await ada.create({ title: "long" })
  await sayLongAgo(deployment, long, "long", 300)
  await compact(deployment, long, 40)
  ada.close()
  await deployment.stopNode()
}

test("[VER1] nothing is written to Redis, by a user who may not write", async () => {
  const deployment = await started("Redis")
  const { redis, flags } = deployment
  if (!redis) throw new Error("no Redis")
  await filled(deployment)
  await deployment.rest()
  const before = await dumpOf(redis)
  await redis.cli("ACL", "LOG", "RESET")
  const { checkpoints } = await expectWhole(flags)
  expect(checkpoints).toBeGreaterThan(0)
  expect(await dumpOf(redis)).toBe(before)
  expect(await redis.cli("ACL", "LOG")).toBe("")
}, 120_000)

test("[VER1] nothing is written to a data folder", async () => {
  const deployment = await started("embedded")
  await filled(deployment)
  await deployment.rest()
  const files = () =>
    readdirSync(deployment.data, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("data.mdb"))
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(deployment.data, name)))
          .digest("hex"),
      ])
  const before = files()
  expect(before.length).toBe(2)
  await expectWhole(deployment.flags)
  expect(files()).toEqual(before)
}, 120_000)

test("some, chosen by chance; and what is said of them is of no others", async () => {
  const deployment = await started("embedded")
  await filled(deployment)
  await deployment.rest()
  const { out, code } = await ran(["verify", ...deployment.flags, "--sample", "1"])
  expect([code, out]).toEqual([0, expect.stringContaining("conversations 1,")])
  expect(out).toContain("of the others nothing is known")
}, 120_000)

test("a terminal is told how far it is", async () => {
  const deployment = await started("embedded")
  await filled(deployment)
  await deployment.rest()
  const shown: string[] = []
  const terminal = { isTTY: true, write: (text: string) => shown.push(text) }
  await ran(["verify", ...deployment.flags], { terminal })
  expect(shown.join("")).toContain("1 conversations")
  expect(shown.at(-1)).toBe("\r\u001b[K")
}, 120_000)

test.each([
  ["no store in the folder", ["--data", "/nowhere/at/all"], /There is no store in \/nowhere/],
  ["no Redis at the address", ["--redis", "redis://127.0.0.1:1"], /cannot be reached|127\.0\.0\.1:1/],
  ["two stores", ["--data", "d", "--redis", "redis://127.0.0.1"], /--redis or --data, not both/],
  ["no number", ["--sample", "few"], /whole number from 1/],
  ["no file", ["--config", "gone.yaml"], /gone\.yaml does not exist/],
])("2 when it cannot be looked at: %s", async (_what, flags, text) => {
  const { code, err, out } = await ran(["verify", ...flags])
  expect({ code, out }).toEqual({ code: 2, out: "" })
  expect(err).toMatch(text)
})

test("2 when a conversation is named that is not there", async () => {
  const deployment = await started("embedded")
  await deployment.rest()
  const { code, err } = await ran(["verify", ...deployment.flags, "--conversation", "nope"])
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('no conversation "nope"') })
})

test("its help says what the exit codes mean, in both languages", async () => {
  expect((await ran(["verify", "--help"])).out).toMatch(/Exit code: 0 .*1 .*2 /)
  expect((await ran(["verify", "--help", "--lang", "zh"])).out).toMatch(/退出码：0 .*1 .*2 /)
})
