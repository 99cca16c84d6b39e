/** compose.yaml, as far as it can be tried without containers. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { envOf, loadConfig, optionAt, optionPaths } from "@everthread/server/config"
import { type Compose, parseCompose, problemsOf, type Service } from "./support/deploy/compose.ts"
import { shippedConfig } from "./support/deploy/nginx-config.ts"
import { repositoryFile } from "./support/deploy/repository.ts"

const file = repositoryFile("deploy/compose.yaml")
const text = readFileSync(file, "utf8")
const secrets = { JWT_SECRET: "a secret that is long enough for HS256", REDIS_PASSWORD: "0123456789abcdef" }
const compose = parseCompose(text, secrets)
const mustGetService = (name: string): Service => {
  const service = compose.services[name]
  if (!service) throw new Error(`no service is called ${name}`)
  return service
}
const names = ["node-1", "node-2", "node-3"]
const nodes = names.map(mustGetService)

test("compose.yaml is what the specification of compose files has", () => {
  expect(problemsOf(compose, file)).toEqual([])
  expect(Object.keys(compose.services)).toEqual([...names, "redis", "nginx"])
})

test.each(["JWT_SECRET", "REDIS_PASSWORD"])("[CFG3] %s comes from outside, and nothing starts without it", (name) => {
  expect(() => parseCompose(text, { ...secrets, [name]: "" })).toThrow(`${name}: set ${name}`)
})

describe("the nodes", () => {
  test("are one image with one configuration, but for their names", () => {
    const [first] = nodes
    for (const [index, node] of nodes.entries()) {
      const environment = { ...first?.environment, SERVER_ID: names[index] }
      expect(node).toEqual({ ...first, environment })
    }
  })

  test("set variables that the server has", () => {
    const known = optionPaths.map((path) => envOf(path, optionAt(path)))
    for (const { environment = {} } of nodes) {
      for (const name of Object.keys(environment)) expect(known).toContain(name)
    }
  })

  test("[CFG2] are configured by them: one Redis, authentication on", () => {
    for (const { environment = {} } of nodes) {
      const { config, values, notices } = loadConfig({ env: environment, flags: {} })
      expect(notices).toEqual([])
      expect(config.serverId).toBe(environment["SERVER_ID"])
      expect(config.auth.keys).toEqual({ mode: "secret", secret: secrets.JWT_SECRET })
      expect(values["redis.url"]).toBe(`redis://:${secrets.REDIS_PASSWORD}@redis:6379`)
    }
  })

  test("[CON4] have longer to stop than they take", () => {
    const { config } = loadConfig({ env: {}, flags: {} })
    for (const { stop_grace_period = "" } of nodes) {
      expect(Number.parseInt(stop_grace_period, 10) * 1_000).toBeGreaterThan(config.drainTimeoutMs)
    }
  })
})

test("[ACK1] Redis writes before it answers, throws nothing away, and keeps its file in a volume", () => {
  const { command = [], volumes } = mustGetService("redis")
  const [program, ...words] = command
  const settings = Object.fromEntries(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1]]] : [])))
  expect(program).toBe("redis-server")
  expect(settings).toEqual({
    "--appendonly": "yes",
    "--appendfsync": "always",
    "--maxmemory-policy": "noeviction",
    "--requirepass": secrets.REDIS_PASSWORD,
  })
  expect(volumes).toEqual(["redis-data:/data"])
})

describe("nginx", () => {
  test("runs the shipped configuration with the nodes' names in it", () => {
    const [shell, flag, line = ""] = mustGetService("nginx").command ?? []
    expect([shell, flag]).toEqual(["/bin/sh", "-c"])
    const [rewrite = "", start] = line.split(" && ")
    expect(start).toBe('exec nginx -g "daemon off;"')
    const folder = mkdtempSync(join(tmpdir(), "everthread-compose-"))
    try {
      const here = rewrite
        .replace(" /everthread.conf ", ` ${repositoryFile("deploy/nginx/nginx.conf")} `)
        .replace("> /etc/nginx/", `> ${folder}/`)
      execFileSync("/bin/sh", ["-c", here])
      const written = readFileSync(join(folder, "nginx.conf"), "utf8")
      const expected = names.reduce(
        (config, name, index) => config.replace(`127.0.0.1:${8765 + index}`, `${name}:8765`),
        shippedConfig,
      )
      expect(written).toBe(expected)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test("is the only one that can be reached from outside", () => {
    const published = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined)
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([["nginx", ["8080:80"]]])
    expect(parseCompose(text, { ...secrets, PORT: "80" }).services["nginx"]?.ports).toEqual(["80:80"])
  })
})

describe("a compose file that is wrong is not taken", () => {
  const nodeOf = (more: object): Compose => ({ services: { a: { image: "a", ...more } } }) as Compose
  test.each<[Compose, string]>([
    [{ services: { a: {} } }, "a: neither image nor build"],
    [nodeOf({ imagine: "b" }), "a: imagine is not known"],
    [nodeOf({ build: { context: ".", dockerfile: "none" } }), "a: there is no"],
    [nodeOf({ depends_on: { b: { condition: "service_healthy" } } }), "a: depends_on: there is no b"],
    [nodeOf({ depends_on: { a: { condition: "service_healthy" } } }), "a: depends_on: a has no healthcheck"],
    [nodeOf({ depends_on: { a: { condition: "healthy" } } }), "a: depends_on: healthy"],
    [nodeOf({ healthcheck: { test: ["wget"] } }), "a: healthcheck"],
    [nodeOf({ healthcheck: { test: ["CMD", "wget"], interval: "5" } }), "a: interval: 5"],
    [nodeOf({ ports: ["80"] }), "a: ports: 80"],
    [nodeOf({ ports: ["99999:80"] }), "a: ports: 99999:80"],
    [nodeOf({ volumes: ["data:/data"] }), "a: volumes: there is no data"],
    [nodeOf({ volumes: ["./none:/data"] }), "a: there is no"],
    [nodeOf({ stop_grace_period: "soon" }), "a: stop_grace_period: soon"],
    [nodeOf({ restart: "maybe" }), "a: restart: maybe"],
    [{ ...nodeOf({}), service: {} } as Compose, "service is not known"],
  ])("%j", (wrong, why) => {
    expect(problemsOf(wrong, file)).toEqual([expect.stringContaining(why)])
  })
})
