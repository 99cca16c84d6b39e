/** An engine looks at its servers before it serves, and again whenever one takes another's place. */
import { type RedisServer, startCluster, startRedis, startReplica, startSentinels, until } from "@everthread/stage"
import { type FindingLevel, openRedisEngine, type RedisEngineOptions, type ServerReport } from "../src/index.ts"

/** Sentinels on a busy machine may have to vote more than once. */
const failoverMsMax = 50_000

const started: { stop(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()))
})

async function server(...args: Parameters<typeof startRedis>): Promise<RedisServer> {
  const one = await startRedis(...args)
  started.push(one)
  return one
}

const refusalOf = (options: RedisEngineOptions): Promise<unknown> =>
  openRedisEngine(options).then(
    async (engine) => {
      await engine.close()
      return undefined
    },
    (error: unknown) => error,
  )

const levels = (reports: readonly ServerReport[], level: FindingLevel) =>
  reports.flatMap(({ findings }) => findings.filter((finding) => finding.level === level).map(({ about }) => about))

test.each<[string, Parameters<typeof startRedis>[0], Partial<RedisEngineOptions>, RegExp[]]>([
  [
    "no file, the durability of whoever says nothing",
    { config: { appendonly: "no" } },
    {},
    [
      /not fit for durability fsync/,
      /appendonly no: .*only in memory/,
      /redis-cli -h 127.0.0.1 -p \d+ CONFIG SET appendonly yes/,
    ],
  ],
  ["flushed every second", { config: { appendfsync: "everysec" } }, {}, [/appendfsync everysec: a power cut loses/]],
  ["flushed by the system", { config: { appendfsync: "no" } }, { durability: "everysec" }, [/appendfsync no/]],
  [
    "evicting",
    { config: { maxmemory: "100mb", "maxmemory-policy": "allkeys-lru" } },
    { durability: "memory" },
    [
      /maxmemory-policy allkeys-lru, maxmemory 104857600: .*throws stored conversations away/,
      /maxmemory-policy noeviction/,
    ],
  ],
  [
    "not flushed while it rewrites",
    { config: { "no-appendfsync-on-rewrite": "yes" } },
    {},
    [/no-appendfsync-on-rewrite yes/],
  ],
  ["no replica", {}, { durability: "replicated" }, [/0 replicas in step, of 1 asked for/, /redis\.replicas/]],
  [
    "several things at once",
    { config: { appendonly: "no", maxmemory: "100mb", "maxmemory-policy": "allkeys-random" } },
    {},
    [/maxmemory-policy/, /appendonly/],
  ],
])("[STO4] a server is refused with what mends it: %s", async (_what, options, demand, texts) => {
  const { url } = await server(options)
  const refusal = await refusalOf({ url, ...demand })
  expect(refusal).toMatchObject({ code: "unusable" })
  for (const text of texts) expect((refusal as Error).message).toMatch(text)
})

test("[STO4] the commands of a refusal mend the server, also for the time after a restart", async () => {
  const redis = await server({ config: { appendonly: "no", appendfsync: "everysec" } })
  const refusal = await refusalOf({ url: redis.url })
  const commands = (refusal as Error).message.matchAll(/redis-cli -h \S+ -p \d+ (.+)/g)
  for (const [, command = ""] of commands) await redis.cli(...command.split(" "))
  const engine = await openRedisEngine({ url: redis.url })
  await engine.close()
  await redis.restart()
  expect(await refusalOf({ url: redis.url })).toBeUndefined()
})

test("[STO4] a replica is refused, and its master named", async () => {
  const master = await server()
  const replica = await startReplica(master)
  started.push(replica)
  expect(await refusalOf({ url: replica.url })).toMatchObject({
    code: "unusable",
    message: expect.stringContaining(`127.0.0.1:${master.port}`),
  })
})

test("[STO4] every master of a cluster is looked at, and each one that is refused is named", async () => {
  const cluster = await startCluster({ replicas: 0 })
  started.push(cluster)
  const [first, second] = cluster.masters
  for (const one of [first, second]) await one?.cli("CONFIG", "SET", "appendfsync", "everysec")
  const refusal = await refusalOf({ url: first?.url ?? "" })
  expect((refusal as Error).message).toContain(`Redis at 127.0.0.1:${first?.port} is not fit`)
  expect((refusal as Error).message).toContain(`Redis at 127.0.0.1:${second?.port} is not fit`)
  expect((refusal as Error).message).not.toContain(`127.0.0.1:${cluster.masters[2]?.port} is`)
})

test("[STO4] a user who may not see the settings is warned of what was not checked", async () => {
  const redis = await server({ users: ["worker on >secret ~* &* +@all -config"], password: "operator" })
  const reports: ServerReport[] = []
  const url = `redis://worker:secret@127.0.0.1:${redis.port}`
  const engine = await openRedisEngine({ url, report: (report) => void reports.push(report) })
  await engine.close()
  expect(levels(reports, "warning")).toEqual(["settings"])
  expect(reports[0]?.findings[0]?.why.en).toContain("appendfsync")
})

test("[STO4] a user who may not even ask what it is gets the command that lets them", async () => {
  const redis = await server({ users: ["worker on >secret ~* &* +@all -info"], password: "operator" })
  const refusal = await refusalOf({ url: `redis://worker:secret@127.0.0.1:${redis.port}` })
  expect(refusal).toMatchObject({ code: "unusable", message: expect.stringContaining("ACL SETUSER <user> +info") })
})

test("[STO4] a server that comes back worse is told of, stands in the status, and goes on serving", async () => {
  const redis = await server()
  const reports: ServerReport[] = []
  const engine = await openRedisEngine({ url: redis.url, report: (report) => void reports.push(report) })
  expect(levels(reports, "refusal")).toEqual([])
  await redis.cli("CONFIG", "SET", "appendfsync", "no")
  await redis.cli("CONFIG", "REWRITE")
  await redis.restart()
  await until("the report", async () => levels(reports, "refusal").includes("appendfsync"))
  expect(engine.status()).toMatchObject({
    state: "ready",
    reason: expect.stringContaining("CONFIG SET appendfsync always"),
  })
  await redis.cli("CONFIG", "SET", "appendfsync", "always")
  await redis.cli("CONFIG", "REWRITE")
  await redis.restart()
  await until("the status to be without a word", async () => {
    const { state, reason } = engine.status()
    return state === "ready" && reason === undefined
  })
  await engine.close()
})

test("[STO4] so is a worse one that a failover brought up", async () => {
  const group = await startSentinels({ replicas: 1 })
  started.push(group)
  const [master, replica] = group.servers as [RedisServer, RedisServer]
  const url = `redis://127.0.0.1:${group.sentinels[0]?.port}?sentinel=${group.name}`
  await replica.cli("CONFIG", "SET", "appendonly", "no")
  const reports: ServerReport[] = []
  const engine = await openRedisEngine({ url, report: (report) => void reports.push(report) })
  await master.kill()
  const isTold = async () => levels(reports, "refusal").includes("append-only-file")
  await until("the report of the new master", isTold, failoverMsMax)
  expect(reports.at(-1)?.address.port).toBe(replica.port)
  await until("it to serve", async () => engine.status().state === "ready")
  expect(engine.status().reason).toContain(`127.0.0.1:${replica.port}`)
  await engine.close()
})

test("the memory of all masters is counted together", async () => {
  const cluster = await startCluster({ replicas: 0 })
  started.push(cluster)
  const engine = await openRedisEngine({ url: cluster.masters[0]?.url ?? "" })
  const least = Number(/used_memory:(\d+)/.exec((await cluster.masters[0]?.cli("INFO", "memory")) ?? "")?.[1])
  expect(await engine.memoryBytes()).toBeGreaterThan(2.5 * least)
  await engine.close()
})
