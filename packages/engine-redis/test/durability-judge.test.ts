/** What a server's own words come to, level by level. */
import type { Durability } from "../src/durability/durability.ts"
import { factsOf, settingsOf } from "../src/durability/facts.ts"
import { complaintOf, judgeReplica, judgeServer, lesserFit } from "../src/durability/judge.ts"
import { mender } from "../src/durability/mend.ts"

const infoDefault = {
  redis_version: "7.0.15",
  redis_mode: "standalone",
  config_file: "/etc/redis/redis.conf",
  role: "master",
  used_memory: "1000000",
  maxmemory: "2000000000",
  maxmemory_policy: "noeviction",
  total_system_memory: "10737418240",
  aof_enabled: "1",
  aof_last_write_status: "ok",
  rdb_last_bgsave_status: "ok",
}
const settingsDefault = {
  appendfsync: "always",
  "no-appendfsync-on-rewrite": "no",
  "aof-load-truncated": "yes",
  save: "",
  "stop-writes-on-bgsave-error": "yes",
  "client-output-buffer-limit": "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60",
  "min-replicas-to-write": "0",
  "cluster-require-full-coverage": "no",
}
const inStep = "ip=10.0.0.7,port=6380,state=online,offset=14,lag=0"
const address = { host: "10.0.0.1", port: 6379 }

interface Given {
  readonly info?: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, string>> | "refused"
  readonly durability?: Durability
  readonly replicas?: number
  readonly way?: Parameters<typeof mender>[2]
}

function factsFor({ info = {}, settings = {} }: Given) {
  const text = Object.entries({ ...infoDefault, ...info }).map(([name, value]) => `${name}:${value}\r\n`)
  const reply =
    settings === "refused"
      ? { settings: new Map<string, string>(), refusal: "NOPERM no CONFIG for you" }
      : { settings: settingsOf({ ...settingsDefault, ...settings }), refusal: undefined }
  return factsOf(`# Server\r\n${text.join("")}`, reply)
}

function judged(given: Given = {}) {
  const facts = factsFor(given)
  const { durability = "fsync", replicas = 1, way = {} } = given
  return judgeServer(facts, { durability, replicas }, mender(facts, address, way))
}

/** What is not fine, as `level about`. */
const complaints = (given: Given = {}) =>
  judged(given)
    .filter(({ level }) => level !== "ok")
    .map(({ level, about }) => `${level} ${about}`)

const replicasOf = (...lines: readonly string[]) => Object.fromEntries(lines.map((line, at) => [`slave${at}`, line]))

test("[STO4] a server that is as it should be is told nothing but what is fine", () => {
  expect(complaints()).toEqual([])
  expect(judged().map(({ about }) => about)).toEqual(["version", "role", "eviction", "appendfsync"])
})

test.each<[string, Given, string[]]>([
  ["too old", { info: { redis_version: "6.2.14" } }, ["refusal version"]],
  ["a version without any number", { info: { redis_version: "unstable" } }, ["refusal version"]],
  ["a replica", { info: { role: "slave", master_host: "10.0.0.2", master_port: "6379" } }, ["refusal role"]],
  ["evicting, with a bound", { info: { maxmemory_policy: "allkeys-lru" } }, ["refusal eviction"]],
  ["evicting what has a time to live", { info: { maxmemory_policy: "volatile-ttl" } }, ["refusal eviction"]],
  [
    "evicting, without a bound",
    { info: { maxmemory_policy: "allkeys-lru", maxmemory: "0" } },
    ["note eviction", "note memory-bound"],
  ],
  ["without a bound", { info: { maxmemory: "0" } }, ["note memory-bound"]],
  ["without a file", { info: { aof_enabled: "0" } }, ["refusal append-only-file"]],
  ["a file that is flushed now and then", { settings: { appendfsync: "everysec" } }, ["refusal appendfsync"]],
  ["a file that the system flushes", { settings: { appendfsync: "no" } }, ["refusal appendfsync"]],
  ["not flushed while it rewrites", { settings: { "no-appendfsync-on-rewrite": "yes" } }, ["refusal fsync-on-rewrite"]],
  ["not starting with a cut file", { settings: { "aof-load-truncated": "no" } }, ["note truncated-file"]],
  [
    "snapshots that fail in silence",
    { settings: { save: "60 1", "stop-writes-on-bgsave-error": "no" } },
    ["note snapshot-errors"],
  ],
  ["no snapshots that could fail", { settings: { "stop-writes-on-bgsave-error": "no" } }, []],
  ["a full disk", { info: { aof_last_write_status: "err" } }, ["warning failed-writes"]],
  ["a snapshot that failed", { info: { rdb_last_bgsave_status: "err" } }, ["warning failed-writes"]],
  [
    "subscribers cut off early",
    { settings: { "client-output-buffer-limit": "pubsub 1048576 0 0 normal 0 0 0" } },
    ["note subscriber-buffer"],
  ],
  ["subscribers never cut off", { settings: { "client-output-buffer-limit": "pubsub 0 0 0" } }, []],
  [
    "all or nothing in a cluster",
    { info: { redis_mode: "cluster" }, settings: { "cluster-require-full-coverage": "yes" } },
    ["note coverage"],
  ],
  ["all or nothing without a cluster", { settings: { "cluster-require-full-coverage": "yes" } }, []],
  ["replicas that nobody waits for", { info: replicasOf(inStep) }, ["note failover", "note min-replicas"]],
  ["settings that may not be read", { settings: "refused" }, ["warning settings"]],
])("[STO4] fsync: %s", (_what, given, expected) => {
  expect(complaints(given)).toEqual(expected)
})

test.each<[string, Given, string[]]>([
  ["nothing on the disk", { info: { aof_enabled: "0" } }, ["note append-only-file"]],
  ["more than it asks for", {}, ["note appendfsync"]],
  ["as it is asked for", { settings: { appendfsync: "no" } }, []],
  ["rewrites without flushing", { settings: { appendfsync: "no", "no-appendfsync-on-rewrite": "yes" } }, []],
  ["settings that may not be read", { settings: "refused" }, ["note settings"]],
  [
    "evicting is refused all the same",
    { info: { aof_enabled: "0", maxmemory_policy: "allkeys-lfu" } },
    ["refusal eviction", "note append-only-file"],
  ],
])("[STO4] memory: %s", (_what, given, expected) => {
  expect(complaints({ ...given, durability: "memory" })).toEqual(expected)
})

test.each<[string, Given, string[]]>([
  ["as it is asked for", { settings: { appendfsync: "everysec" } }, []],
  ["weaker", { settings: { appendfsync: "no" } }, ["refusal appendfsync"]],
  ["stronger", {}, ["note appendfsync"]],
  ["without a file", { info: { aof_enabled: "0" }, settings: { save: "60 1" } }, ["refusal append-only-file"]],
  [
    "not flushed while it rewrites",
    { settings: { appendfsync: "everysec", "no-appendfsync-on-rewrite": "yes" } },
    ["warning fsync-on-rewrite"],
  ],
])("[STO4] everysec: %s", (_what, given, expected) => {
  expect(complaints({ ...given, durability: "everysec" })).toEqual(expected)
})

const safe = { "min-replicas-to-write": "1" }

test.each<[string, Given, string[]]>([
  ["as it is asked for", { info: replicasOf(inStep), settings: safe }, []],
  [
    "too few replicas",
    { info: replicasOf(inStep), settings: safe, replicas: 2 },
    ["refusal replicas", "note min-replicas"],
  ],
  [
    "a replica that is still loading",
    { info: replicasOf(inStep.replace("online", "wait_bgsave")), settings: safe },
    ["refusal replicas"],
  ],
  ["no replica at all", {}, ["refusal replicas", "note min-replicas"]],
  ["stored in vain", { info: replicasOf(inStep) }, ["note min-replicas"]],
  [
    "flushed now and then",
    { info: replicasOf(inStep), settings: { ...safe, appendfsync: "everysec" } },
    ["warning appendfsync"],
  ],
  [
    "flushed by the system",
    { info: replicasOf(inStep), settings: { ...safe, appendfsync: "no" } },
    ["refusal appendfsync"],
  ],
  [
    "without a file",
    { info: { aof_enabled: "0", ...replicasOf(inStep) }, settings: safe },
    ["refusal append-only-file"],
  ],
])("[STO4] [STO5] replicated: %s", (_what, given, expected) => {
  expect(complaints({ ...given, durability: "replicated" })).toEqual(expected)
})

test("the gravest stands first", () => {
  const levels = judged({ info: { aof_enabled: "0", maxmemory: "0" }, settings: "refused" }).map(({ level }) => level)
  expect(levels).toEqual(["refusal", "warning", "note", "ok", "ok", "ok"])
})

test("Valkey is told by its own name and version", () => {
  const valkey = { server_name: "valkey", valkey_version: "8.0.1", redis_version: "7.2.4" }
  expect(judged({ info: valkey })[0]).toMatchObject({ level: "ok", found: { en: "Valkey 8.0.1" } })
  const [refusal] = judged({ info: { ...valkey, maxmemory_policy: "allkeys-lru" } })
  expect(refusal?.mend[0]?.en).toContain("valkey-cli -h")
})

test("a replica is judged for the day on which it leads, and refused nothing", () => {
  const info = { role: "slave", master_host: "10.0.0.2", master_port: "6379", aof_enabled: "0" }
  const facts = factsFor({ info })
  const findings = judgeReplica(facts, { durability: "fsync", replicas: 1 }, mender(facts, address, {}))
  expect(findings.filter(({ level }) => level !== "ok").map(({ level, about }) => `${level} ${about}`)).toEqual([
    "warning append-only-file",
  ])
})

describe("[STO4] the level that a server is fit for as it is", () => {
  const lesser = (given: Given, durability: Durability) => {
    const facts = factsFor(given)
    return lesserFit(facts, { durability, replicas: 1 }, mender(facts, address, {}))
  }

  test.each([
    ["no file", { info: { aof_enabled: "0" } }, "fsync", "memory"],
    ["a file that is written every second", { settings: { appendfsync: "everysec" } }, "fsync", "everysec"],
    ["no replica", {}, "replicated", "fsync"],
    ["a memory that forgets", { info: { maxmemory_policy: "allkeys-lru" } }, "fsync", undefined],
    ["nothing less is asked for", { info: { maxmemory_policy: "allkeys-lru" } }, "memory", undefined],
  ] as const)("%s", (_what, given, asked, expected) => {
    expect(lesser(given, asked)).toBe(expected)
  })
})

describe("the commands that mend", () => {
  const mend = (given: Given) => judged(given)[0]?.mend.map(({ en }) => en)

  test("are typed at that very server, and say how to keep what they set", () => {
    expect(mend({ info: { aof_enabled: "0" } })).toEqual([
      "redis-cli -h 10.0.0.1 -p 6379 CONFIG SET appendonly yes",
      "redis-cli -h 10.0.0.1 -p 6379 CONFIG REWRITE",
    ])
  })

  test("say what to do where there is no file to keep it in", () => {
    expect(mend({ info: { aof_enabled: "0", config_file: "" } })?.[1]).toBe(
      "# and start it with appendonly yes from now on: it runs without a configuration file to keep that in",
    )
  })

  test("say so once for all that is to be kept", () => {
    const given = { info: { aof_enabled: "0", config_file: "" }, settings: { appendfsync: "everysec" } }
    expect(mend(given)?.slice(2)).toEqual([
      expect.stringMatching(/^# and start it with appendfsync always and appendonly yes from now on/),
    ])
  })

  test("ask for a password and never hold it", () => {
    const way = { username: "ada", password: "hunter2", tls: {} }
    const lines = mend({ info: { aof_enabled: "0" }, way })
    expect(lines?.[0]).toBe("redis-cli -h 10.0.0.1 -p 6379 --tls --user ada --askpass CONFIG SET appendonly yes")
    expect(lines?.join()).not.toContain("hunter2")
  })

  test("are no commands where the user may not use CONFIG", () => {
    const [, eviction] = judged({ info: { maxmemory_policy: "allkeys-lru" }, settings: "refused" })
    const lines = judged({ info: { maxmemory_policy: "allkeys-lru" }, settings: "refused" })[0]?.mend
    expect(lines?.[0]?.en).toMatch(/^# set maxmemory-policy to noeviction where this server is configured/)
    expect(eviction?.about).toBe("settings")
  })

  test("quote what has blanks", () => {
    const lines = mend({ settings: { "client-output-buffer-limit": "pubsub 1024 0 0" } })
    expect(lines?.[0]).toContain('CONFIG SET client-output-buffer-limit "pubsub 33554432 8388608 60"')
  })

  test("advise a bound that leaves room for copies while it saves", () => {
    expect(mend({ info: { maxmemory: "0" } })?.[0]).toContain("CONFIG SET maxmemory 6144mb")
  })

  test("name the master of a replica", () => {
    const lines = mend({ info: { role: "slave", master_host: "10.0.0.2", master_port: "6379" } })
    expect(lines?.[0]).toBe("# point redis.url to its master: redis://10.0.0.2:6379")
    expect(lines?.[1]).toBe("redis-cli -h 10.0.0.1 -p 6379 REPLICAOF NO ONE   # or make it one")
  })
})

test("every complaint says why, in both languages", () => {
  const info = { redis_mode: "cluster", maxmemory: "0", maxmemory_policy: "allkeys-lru", ...replicasOf(inStep) }
  const settings = { "cluster-require-full-coverage": "yes", appendfsync: "no", "aof-load-truncated": "no" }
  for (const finding of judged({ info, settings }).filter(({ level }) => level !== "ok")) {
    expect(finding.why.en).not.toBe("")
    expect(finding.why.zh).toMatch(/\p{Script=Han}/u)
    expect(finding.mend.length).toBeGreaterThan(0)
    expect(complaintOf(finding)).toContain(finding.why.en)
  }
})
