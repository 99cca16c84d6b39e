/** `everthread doctor` on real servers: what it shows, what it ends with, and that it leaves nothing behind. */
import { type RedisServer, startCluster, startRedis, startReplica, startSentinels, until } from "@everthread/stage"
import { ran } from "./fake-context.ts"

const started: { stop(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()))
})

async function server(...args: Parameters<typeof startRedis>): Promise<RedisServer> {
  const one = await startRedis(...args)
  started.push(one)
  return one
}

/** Ports, versions, sizes and times differ from one run to the next. */
function steady(text: string, names: ReadonlyMap<number, string>): string {
  let told = text
  for (const [port, name] of names) told = told.replaceAll(String(port), name)
  return told
    .replaceAll(/(Redis|Valkey) \d+\.\d+\.\d+/g, "$1 VERSION")
    .replaceAll(/\d+\.\d\d\/\d+\.\d\d/g, "P50/P99")
    .replaceAll(/\d+(\.\d)? MB/g, "N MB")
    .replaceAll(/maxmemory \d+mb/g, "maxmemory Nmb")
    .replaceAll(/ {2,}/g, "  ")
}

async function everything({ url, port }: RedisServer) {
  const server = new Map([[port, "PORT"]])
  const english = await ran(["doctor", "--redis", url])
  const chinese = await ran(["--lang", "zh", "doctor", "--redis", url])
  return { english, text: steady(english.out, server), chinese: steady(chinese.out, server), code: english.code }
}

test("[STO4] a server that is as it should be", async () => {
  const redis = await server({ config: { maxmemory: "1gb" } })
  const { text, chinese, code } = await everything(redis)
  expect(text).toMatchSnapshot()
  expect(chinese).toMatchSnapshot()
  expect(code).toBe(0)
})

test("[STO4] a server as it comes out of the box", async () => {
  const redis = await server({ config: { appendonly: "no", appendfsync: "everysec", save: "3600 1" } })
  const { text, chinese, code } = await everything(redis)
  expect(text).toMatchSnapshot()
  expect(chinese).toMatchSnapshot()
  expect(code).toBe(1)
})

test("[CFG3] it shows no password, and no colours where there is no terminal", async () => {
  const { url } = await server({ password: "hunter2", config: { appendonly: "no" } })
  for (const format of [[], ["--json"]]) {
    const { out, err } = await ran(["doctor", ...format], { env: { REDIS_URL: url } })
    expect(out).toContain("--askpass")
    expect(out + err).not.toContain("hunter2")
    expect(out).not.toContain("\u001b")
  }
})

test("it leaves nothing behind", async () => {
  const redis = await server()
  await redis.cli("SET", "mine", "1")
  const before = await redis.cli("CONFIG", "GET", "*")
  expect((await ran(["doctor", "--redis", redis.url])).code).toBe(0)
  expect(await redis.cli("KEYS", "*")).toBe("mine")
  expect(await redis.cli("CONFIG", "GET", "*")).toBe(before)
  expect(await redis.cli("CLIENT", "LIST")).not.toContain("doctor")
})

test("for programs it says the same as JSON", async () => {
  const redis = await server({ config: { "maxmemory-policy": "allkeys-lru", maxmemory: "1gb" } })
  const { out, code } = await ran(["doctor", "--redis", redis.url, "--durability", "everysec", "--json"])
  const report = JSON.parse(out)
  expect(code).toBe(1)
  expect(report).toMatchObject({ fit: false, durability: "everysec", kind: "standalone", problems: [] })
  expect(report.servers[0]).toMatchObject({
    ...{ address: `127.0.0.1:${redis.port}`, role: "master", appendsToFile: true, evictionPolicy: "allkeys-lru" },
    pingMs: { p50: expect.any(Number), p99: expect.any(Number) },
    appendMs: { p50: expect.any(Number), p99: expect.any(Number) },
  })
  expect(report.servers[0].findings[0]).toMatchObject({
    level: "refusal",
    about: "eviction",
    mend: [
      `redis-cli -h 127.0.0.1 -p ${redis.port} CONFIG SET maxmemory-policy noeviction`,
      expect.stringContaining("REWRITE"),
    ],
  })
})

test("replicas are looked at too, for the day on which they lead", async () => {
  const master = await server()
  const replica = await startReplica(master, { appendonly: "no" })
  started.push(replica)
  await until("the master to know", async () => (await master.cli("INFO", "replication")).includes("state=online"))
  const { out, code } = await ran(["doctor", "--redis", master.url, "--durability", "replicated", "--json"])
  const [first, second] = JSON.parse(out).servers
  expect(code).toBe(0)
  expect(first).toMatchObject({
    role: "master",
    replicas: [{ address: `127.0.0.1:${replica.port}`, isOnline: true }],
  })
  expect(second).toMatchObject({ address: `127.0.0.1:${replica.port}`, role: "replica" })
  expect(second.findings[0]).toMatchObject({ level: "warning", about: "append-only-file" })
  expect((await ran(["doctor", "--redis", master.url, "--durability", "replicated", "--replicas", "2"])).code).toBe(1)
})

test("[STO4] a replica that was named as the server is refused, and shown", async () => {
  const master = await server()
  const replica = await startReplica(master)
  started.push(replica)
  const { out, code } = await ran(["doctor", "--redis", replica.url])
  expect(code).toBe(1)
  expect(out).toContain(`# point redis.url to its master: redis://127.0.0.1:${master.port}`)
})

test("a cluster: every server, and what they have in common said once", async () => {
  const cluster = await startCluster({ masters: 2, replicas: 2, config: { appendfsync: "everysec" } })
  started.push(cluster)
  const { out, code } = await ran(["doctor", "--redis", cluster.nodes[0]?.url ?? ""])
  expect(code).toBe(1)
  expect(out).toContain("Redis (cluster)")
  for (const { port } of cluster.nodes) expect(out.split(`127.0.0.1:${port}`).length).toBeGreaterThan(2)
  expect(out.match(/REFUSED/g)).toHaveLength(1)
  expect(out).toContain("As it is, it is fit for durability everysec")
  expect(out.match(/CONFIG SET appendfsync always/g)).toHaveLength(4)
})

test("behind Sentinel", async () => {
  const group = await startSentinels({ replicas: 1, count: 1, quorum: 1 })
  started.push(group)
  const url = `redis://127.0.0.1:${group.sentinels[0]?.port}?sentinel=${group.name}`
  const { out, code } = await ran(["doctor", "--redis", url])
  expect(out).toContain("Redis (sentinel)")
  for (const { port } of group.servers) expect(out).toContain(`127.0.0.1:${port}`)
  expect(code).toBe(0)
})

test("[STO4] a server that takes no writes is not fit, whatever it is configured as", async () => {
  const redis = await server({ config: { maxmemory: "1mb" } })
  const { out, code } = await ran(["doctor", "--redis", redis.url])
  expect(code).toBe(1)
  expect(out).toContain("takes no writes: OOM")
  expect(out).not.toContain("user_script")
  expect(out).not.toContain("As it is, it is fit")
})

test("a user with too few rights is told which are missing", async () => {
  const redis = await server({ password: "operator", users: ["worker on >secret ~* &* +@all -xtrim"] })
  const { out, code } = await ran(["doctor", "--redis", `redis://worker:secret@127.0.0.1:${redis.port}`])
  expect(code).toBe(1)
  expect(out).toContain("may not use XTRIM")
})

test.each([
  ["nobody there", "redis://127.0.0.1:1", "cannot be reached"],
  ["no address at all", "redis://127.0.0.1:nope", "redis.url cannot be read"],
])("2 when it cannot be looked at: %s", async (_what, url, text) => {
  const { code, err, out } = await ran(["doctor", "--redis", url])
  expect({ code, out }).toEqual({ code: 2, out: "" })
  expect(err).toContain(text)
  const json = await ran(["doctor", "--redis", url, "--json"])
  expect(json.code).toBe(2)
  expect(JSON.parse(json.out)).toMatchObject({ fit: false, error: expect.stringContaining(text) })
})

test("2 when the password is wrong, without it", async () => {
  const redis = await server({ password: "operator" })
  const { code, err } = await ran(["doctor"], { env: { REDIS_URL: `redis://:hunter2@127.0.0.1:${redis.port}` } })
  expect(code).toBe(2)
  expect(err).toContain("password")
  expect(err).not.toContain("hunter2")
})

test("2 when there is no password, and how one is written", async () => {
  const redis = await server({ password: "operator" })
  const { code, err } = await ran(["doctor", "--redis", redis.url.replace(/\/\/.*@/, "//")])
  expect(code).toBe(2)
  expect(err).toMatch(/lets nobody in \(NOAUTH\): .*redis:\/\/:PASSWORD@/)
})

test("2 when there is no such database", async () => {
  const redis = await server()
  const { code, err } = await ran(["doctor", "--redis", `${redis.url}/99`])
  expect(code).toBe(2)
  expect(err).toContain("has no such database")
})

test.each([
  [["--redis", "http://127.0.0.1"], /redis\.url \(flag --redis\) must be an address/],
  [["--redis", "redis://127.0.0.1", "--durability", "quick"], /"quick" \(flag --durability\)/],
])("2 when it was called wrongly, with the flag that was typed: %j", async (flags, text) => {
  const { code, err } = await ran(["doctor", ...flags])
  expect(code).toBe(2)
  expect(err).toMatch(text)
})

test("2 when no Redis is named", async () => {
  expect(await ran(["doctor"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("--redis redis://127.0.0.1:6379"),
  })
})

test("its help says what each level can lose, in both languages", async () => {
  const english = await ran(["doctor", "--help"])
  const chinese = await ran(["doctor", "--help", "--lang", "zh"])
  for (const level of ["memory", "everysec", "fsync", "replicated"]) {
    expect(english.out).toMatch(new RegExp(`^  ${level} +\\S`, "m"))
    expect(chinese.out).toMatch(new RegExp(`^  ${level} +.*\\p{Script=Han}`, "mu"))
  }
  expect(english.out).toContain("Exit code")
})
