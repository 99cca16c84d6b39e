import { Ajv2020 } from "ajv/dist/2020.js"
import {
  ConfigError,
  configSchema,
  envOf,
  flagOf,
  loadConfig,
  optionAt,
  optionPaths,
  printValues,
  readValues,
} from "../src/config/index.ts"

const load = (content: unknown, env: Record<string, string> = {}, flags: Record<string, unknown> = {}) =>
  loadConfig({ file: { path: "everthread.yaml", content }, env, flags })

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error("Nothing was refused.")
}

describe("what is wrong", () => {
  test.each([
    [{ websocket: { prot: 1 } }, "websocket.prot", "websocket.port"],
    [{ websokcet: { port: 1 } }, "websokcet", "websocket"],
    [{ websocket: { hearbeat_interval: 1 } }, "websocket.hearbeat_interval", "websocket.heartbeat_interval"],
    [{ system: { loglevel: "info" } }, "system.loglevel", "system.log_level"],
  ])("[CFG1] an unknown key names itself and the nearest known one: %j", (content, key, near) => {
    const [problem] = problemsOf(() => load(content))
    expect(problem).toBe(`${key} in everthread.yaml is not an option; did you mean ${near}?`)
  })

  test("[CFG1] a key that is like no other names those of its section", () => {
    const [problem] = problemsOf(() => load({ drain: { bananas: 1 } }))
    expect(problem).toBe("drain.bananas in everthread.yaml is not an option; there are drain.timeout.")
    expect(problemsOf(() => load({ bananas: 1 }))[0]).toContain("there are data, websocket, auth")
  })

  test.each([
    [{ websocket: { port: 70_000 } }, "websocket.port is 70000", "a whole number from 0 to 65535"],
    [{ websocket: { port: 80.5 } }, "websocket.port is 80.5", "a whole number"],
    [{ websocket: { port: "eighty" } }, 'websocket.port is "eighty"', "a whole number"],
    [{ websocket: { heartbeat_interval: 0 } }, "websocket.heartbeat_interval is 0", "from 1 to 3600 seconds"],
    [{ system: { log_level: "loud" } }, 'system.log_level is "loud"', "one of trace, debug"],
    [{ system: { debug: "perhaps" } }, "system.debug", "true or false"],
    [{ auth: { jwks_url: "ftp://a" } }, "auth.jwks_url", "https:// or http://"],
    [{ graphs: { "customer support": "./a.mjs:graph" } }, "graphs", "path:export"],
    [{ graphs: { support: "" } }, "graphs", "path:export"],
    [{ system: { server_id: "a b" } }, "system.server_id", "without white space"],
  ])("[CFG1] a value out of range names the range: %j", (content, what, range) => {
    const [problem] = problemsOf(() => load(content))
    expect(problem).toContain(what)
    expect(problem).toContain("(file everthread.yaml)")
    expect(problem).toContain(range)
  })

  test("[CFG1] everything that is wrong is said at once", () => {
    const problems = problemsOf(() => load({ websocket: { port: -1 }, drian: {} }, { SERVER_ID: "a b" }))
    expect(problems).toHaveLength(3)
  })

  test("a file that is a list or text is refused", () => {
    expect(problemsOf(() => load(["a"]))[0]).toContain("must hold sections")
    expect(problemsOf(() => load({ websocket: 3 }))[0]).toContain("must be a section")
  })

  test("two ways of authentication at once are refused", () => {
    const auth = { secret: "s".repeat(32), jwks_file: "keys.json" }
    expect(problemsOf(() => load({ auth }))[0]).toContain("only one of")
  })

  test("[CFG3] a Redis URL that is none is refused without its password", () => {
    const [problem] = problemsOf(() => load({}, { REDIS_URL: "http://:hunter2@cache:6379" }))
    expect(problem).toContain("must be an address that begins with redis:// or rediss://")
    expect(problem).not.toContain("hunter2")
  })

  test("a prefix that would be a hash tag is refused", () => {
    expect(problemsOf(() => load({ redis: { prefix: "a{b}" } }))[0]).toContain("1 to 64 letters, digits and . : _ -")
  })
})

describe("where values come from", () => {
  test("[CFG2] flags win over the environment, the environment over the file, the file over the default", () => {
    const file = { websocket: { port: 1001 } }
    const env = { WEBSOCKET_PORT: "1002" }
    expect(load({}).config.websocket.port).toBe(8765)
    expect(load(file).config.websocket.port).toBe(1001)
    expect(load(file, env).config.websocket.port).toBe(1002)
    expect(load(file, env, { port: "1003" }).config.websocket.port).toBe(1003)
    expect(load(file, env, { port: "1003" }).sources["websocket.port"]).toBe("flag --port")
  })

  test("[CFG2] holds for every option that can be set in all three ways", () => {
    for (const path of optionPaths.filter((path) => optionAt(path).kind.schema["type"] === "integer")) {
      const flag = flagOf(path, optionAt(path)) ?? ""
      const { minimum } = optionAt(path).kind.schema as { minimum: number }
      const [section = "", name = ""] = path.split(".")
      const file = { path: "f", content: { [section]: { [name]: minimum } } }
      const env = { [envOf(path, optionAt(path))]: String(minimum + 1) }
      expect(readValues({ file, env: {}, flags: {} }).values[path]).toBe(minimum)
      expect(readValues({ file, env, flags: {} }).values[path]).toBe(minimum + 1)
      expect(readValues({ file, env, flags: { [flag]: minimum + 2 } }).values[path]).toBe(minimum + 2)
    }
  })

  test("empty sections and empty variables set nothing", () => {
    expect(load({ websocket: null, redis: { url: null } }, { WEBSOCKET_PORT: "" }).config.websocket.port).toBe(8765)
    expect(load(null).config.dataFolder).toBe("./data")
  })

  test("a misspelt variable of ours is noticed", () => {
    const { notices } = load({}, { EVERTHREAD_DTA: "/tmp", EDITOR: "vi" })
    expect(notices).toEqual(["EVERTHREAD_DTA in the environment is not an option; did you mean EVERTHREAD_DATA?"])
  })

  test("what is accepted without effect is said once", () => {
    const { notices } = load({ redis: { decode_responses: true }, langgraph: { checkpoint_ttl: 60 } })
    expect(notices).toHaveLength(2)
    expect(notices.join()).toContain("redis.decode_responses (file everthread.yaml): it has no meaning here.")
  })

  test("how long checkpoints are kept is in minutes, for ever unless it is said, and nothing without Redis", () => {
    const langgraph = { checkpoint_ttl: 90, max_checkpoints: 20 }
    const given = load({ redis: { url: "redis://cache" }, langgraph })
    expect(given.config.checkpoints).toMatchObject({ ttlMs: 5_400_000, countMax: 20 })
    expect(given.notices).toEqual([])
    const bytesMax = 32 * 1_048_576
    expect(load(null).config.checkpoints).toEqual({ ttlMs: undefined, countMax: undefined, bytesMax })
    expect(load({ langgraph: { checkpoint_bytes_max: 65_536 } }).notices).toEqual([])
    expect(load({ langgraph }).notices.join()).toContain("langgraph.checkpoint_ttl (file everthread.yaml)")
  })

  test("no two options share a variable or a flag", () => {
    const names = (of: typeof envOf | typeof flagOf) =>
      optionPaths.map((path) => of(path, optionAt(path))).filter((name) => name !== undefined)
    expect(new Set(names(envOf)).size).toBe(names(envOf).length)
    expect(new Set(names(flagOf)).size).toBe(names(flagOf).length)
  })
})

describe("values", () => {
  test("seconds become milliseconds, and the first users' file is understood", () => {
    const { config } = load({
      websocket: {
        host: "0.0.0.0",
        port: 8766,
        max_message_size: 2_097_152,
        heartbeat_interval: 15,
        session_timeout: 600,
      },
      system: { server_id: "server-2", log_level: "WARNING", debug: false },
      langgraph: { checkpoint_ttl: 1440, max_checkpoints: 10 },
    })
    expect(config.websocket).toMatchObject({
      frameBytesMax: 2_097_152,
      heartbeatIntervalMs: 15_000,
      sessionTtlMs: 600_000,
    })
    expect(config.logging.level).toBe("warn")
    expect(config.serverId).toBe("server-2")
  })

  test("graphs come as a map, as text or as flags", () => {
    expect(load({ graphs: { support: "./a.mjs:graph" } }).config.graphs).toEqual({ support: "./a.mjs:graph" })
    expect(load({}, { EVERTHREAD_GRAPHS: "a=./a.mjs:g,b=./b.mjs:g" }).config.graphs).toEqual({
      a: "./a.mjs:g",
      b: "./b.mjs:g",
    })
    expect(load({}, {}, { graph: ["a=./b=c/d.mjs"] }).config.graphs).toEqual({ a: "./b=c/d.mjs" })
    expect(load({}, {}, { graph: ["./b=c/d.mjs"] }).config.graphs).toEqual({ agent: "./b=c/d.mjs" })
    expect(load({}, {}, { graph: ["./a.mjs:graph"] }).config.graphs).toEqual({ agent: "./a.mjs:graph" })
    expect(problemsOf(() => load({}, {}, { graph: ["./a.mjs:g", "./b.mjs:g"] }))[0]).toContain("graphs")
  })

  test("port 0 is allowed", () => {
    expect(load({}, {}, { port: "0" }).config.websocket.port).toBe(0)
  })

  test("debug lowers the level, and trace stays trace", () => {
    expect(load({ system: { debug: true } }).config.logging.level).toBe("debug")
    expect(load({ system: { debug: true, log_level: "trace" } }).config.logging.level).toBe("trace")
  })
})

describe("the store", () => {
  const cluster = { REDIS_URL: "redis://:hunter2@one:6379,two:6379" }

  test("without a Redis there is none, and with one its options have their defaults", () => {
    expect(load({}).config.redis).toBeUndefined()
    expect(load({}, cluster).config.redis).toEqual({
      url: cluster.REDIS_URL,
      prefix: "everthread",
      durability: "fsync",
      replicas: 1,
      deadlineMs: 2_000,
    })
  })

  test("its options reach the code in milliseconds", () => {
    const redis = { durability: "Replicated", replicas: 2, timeout: 0.5, prefix: "blue" }
    expect(load({ redis }, cluster).config.redis).toMatchObject({
      ...{ durability: "replicated", replicas: 2, deadlineMs: 500, prefix: "blue" },
    })
  })

  test("what is not what it seems is said once", () => {
    const noticesOf = (file: object, env: Record<string, string>, flags = {}) => load(file, env, flags).notices
    expect(noticesOf({}, cluster)).toEqual([])
    expect(noticesOf({ data: { folder: "./d" } }, cluster)).toEqual([
      "data.folder (file everthread.yaml) is not used: redis.url is set, and Redis stores everything.",
    ])
    expect(noticesOf({ redis: { durability: "memory", replicas: 2 } }, {})).toEqual([
      "redis.durability (file everthread.yaml) has no effect without redis.url: this is a single node, on data.folder.",
    ])
    expect(noticesOf({ redis: { max_connections: 50 } }, cluster).join()).toContain("two connections to each master")
  })

  test.each(["gateway", "agent"])("[NOD6] the role %s is refused where there is no Redis to share", (role) => {
    expect(() => load({ node: { role } }, {})).toThrow(`node.role is ${role}, but without redis.url nothing is shared`)
    expect(load({ node: { role } }, cluster).config.role).toBe(role)
    expect(load({}, {}).config.role).toBe("all")
  })

  test("[CFG3] a password in a flag is noticed, and not repeated", () => {
    const [notice = ""] = load({}, {}, { redis: cluster.REDIS_URL }).notices
    expect(notice).toContain("put it into REDIS_URL")
    expect(notice).not.toContain("hunter2")
    expect(load({}, {}, { redis: "redis://one:6379" }).notices).toEqual([])
  })
})

describe("secrets", () => {
  const secret = "correct horse battery staple, twice over"

  test("[CFG3] no secret is printed, and each line says where it comes from", () => {
    const printed = printValues(load({ websocket: { port: 9000 } }, { JWT_SECRET: secret }))
    expect(printed).not.toContain(secret)
    expect(printed).toContain('secret: "[redacted]"  # environment JWT_SECRET')
    expect(printed).toContain("port: 9000  # file everthread.yaml")
    expect(printed).toContain('folder: "./data"  # default')
  })

  test("[CFG3] a secret that is wrong is not quoted", () => {
    const [problem] = problemsOf(() => load({ auth: { secret: { key: secret } } }))
    expect(problem).toMatch(/^auth\.secret \(file everthread\.yaml\) must be /)
    expect(problem).not.toContain(secret)
  })

  test("[CFG3] a secret has no flag, but for the address of Redis, whose password has its place elsewhere", () => {
    const flags = optionPaths.filter((path) => optionAt(path).secret && flagOf(path, optionAt(path)) !== undefined)
    expect(flags).toEqual(["redis.url"])
  })
})

describe("the JSON Schema", () => {
  const validate = new Ajv2020({ strict: false, formats: { uri: true } }).compile(configSchema())

  test("accepts what the reader accepts and refuses what it refuses", () => {
    const files: [object, boolean][] = [
      [{ websocket: { port: 8766 }, graphs: { a: "./a.mjs:g" }, system: { log_level: "INFO" } }, true],
      [{ websocket: null }, true],
      [{ websocket: { prot: 1 } }, false],
      [{ websocket: { port: 70_000 } }, false],
      [{ nothing: 1 }, false],
    ]
    for (const [file, fits] of files) {
      expect(validate(file), JSON.stringify(file)).toBe(fits)
      if (fits) load(file)
      else expect(problemsOf(() => load(file)).length).toBeGreaterThan(0)
    }
  })

  test("every default is in its own range", () => {
    for (const path of optionPaths) {
      const { fallback, kind } = optionAt(path)
      if (fallback !== undefined) expect(kind.parse(fallback), path).toEqual(fallback)
    }
  })
})

test("[CFG1] whatever is wrong is said in Chinese as well, with the same keys and values", () => {
  const file = {
    path: "a.yaml",
    content: { websocket: { prot: 1, port: 70_000 }, nobody: {}, data: 3, metrics: { enabled: "?" } },
  }
  const found = () => {
    try {
      loadConfig({ file, env: { EVERTHREAD_ROLE: "both", JWT_SECRET: " " }, flags: {} })
    } catch (error) {
      if (error instanceof ConfigError) return error.words
    }
    return []
  }
  const words = found()
  expect(words).toHaveLength(7)
  for (const { en, zh } of words) {
    expect(zh).toMatch(/\p{Script=Han}.*[。？]$/u)
    const [key = ""] = /[a-z]+\.[a-z]+|nobody|data/.exec(en) ?? []
    expect(zh).toContain(key)
  }
})

test("[NOD6] agents that are named on a gateway are said to have no effect", () => {
  const { notices } = loadConfig({
    env: { REDIS_URL: "redis://r" },
    flags: { role: "gateway", graph: ["./a.mjs:graph"] },
  })
  expect(notices).toEqual([
    expect.stringContaining("graphs (flag --graph) has no effect with node.role gateway (flag --role)"),
  ])
  expect(loadConfig({ env: { REDIS_URL: "redis://r" }, flags: { role: "gateway" } }).notices).toEqual([])
})
