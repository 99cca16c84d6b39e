/** `everthread chaos` on real nodes of this machine: what it refuses, what it does, what it finds, and what it leaves. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { FaultNode, killNodes, type RedisServer, startNodes, startRedis } from "@everthread/stage"
import type { RecordLine } from "../../chaos/src/record/record.ts"
import { ran } from "./fake-context.ts"

const folder = mkdtempSync(join(tmpdir(), "everthread-chaos-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("[CHA1] what it refuses, before it connects to anything", () => {
  const cases: readonly [string, readonly string[], string][] = [
    ["no node", [], "Name at least one"],
    ["another machine", ["--url", "ws://example.com:8765"], "--yes-harm-it --host example.com"],
    ["another machine, and it was said once", ["--url", "ws://example.com", "--yes-harm-it"], "--host example.com"],
    [
      "another machine, and another name",
      ["--url", "ws://example.com", "--yes-harm-it", "--host", "example.org"],
      "say so twice",
    ],
    [
      "another machine, named but not to be harmed",
      ["--url", "ws://example.com", "--host", "example.com"],
      "--yes-harm-it",
    ],
    ["one of several", ["--url", "ws://127.0.0.1:1", "--url", "ws://10.0.0.1:8765"], "10.0.0.1 is not on this machine"],
    ["a name that only looks like loopback", ["--url", "ws://127.0.0.1.example.com"], "is not on this machine"],
    [
      "another machine's Redis",
      ["--url", "ws://127.0.0.1:1", "--redis", "redis://10.0.0.2:6379"],
      "10.0.0.2 is not on",
    ],
    ["TLS", ["--url", "wss://127.0.0.1:8765"], "ws://host:port"],
    ["a page", ["--url", "ws://127.0.0.1:8765/chat"], "without a path"],
    ["no time", ["--url", "ws://127.0.0.1:1", "--seconds", "0"], "a whole number from 1"],
    ["a token of nobody", ["--url", "ws://127.0.0.1:1", "--token", "abc"], "not a JWT that says whose it is"],
  ]
  test.each(cases)("%s", async (_name, args, why) => {
    const { code, err } = await ran(["chaos", ...args], { folder })
    expect(err).toContain(why)
    expect(code).toBe(2)
  })

  test("in Chinese, too", async () => {
    const { code, err } = await ran(["chaos", "--url", "ws://example.com"], { folder, language: "zh" })
    expect([code, err]).toEqual([2, expect.stringContaining("不在本机")])
  })
})

test("where nothing answers it says what to do, and that nothing was found out", async () => {
  const { code, err } = await ran(["chaos", "--url", "ws://127.0.0.1:1"], { folder })
  expect([code, err]).toEqual([2, expect.stringContaining("No node of Everthread answers at ws://127.0.0.1:1.")])
})

const linesOf = (out: string): RecordLine[] =>
  readFileSync(join(out, "history.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

const urlsOf = (nodes: readonly FaultNode[]) => nodes.flatMap(({ url }) => ["--url", String(url)])

describe("on two nodes and their Redis", () => {
  let redis: RedisServer
  let nodes: readonly FaultNode[] = []
  beforeAll(async () => {
    redis = await startRedis()
    nodes = await startNodes(redis.url, ["one", "two"])
  })
  afterAll(async () => {
    await killNodes(nodes)
    await redis.stop()
  })

  test("[CHA2] whoever takes part carries one prefix, nothing is found, and record and page say so", async () => {
    const out = join(folder, "with-redis")
    const flags = ["--redis", redis.url, "--seconds", "12", "--seed", "3", "--out", out]
    const { code, out: said, err } = await ran(["chaos", ...urlsOf(nodes), ...flags], { folder })
    const [, prefix = "?"] =
      /9 devices in 2 conversations, all named (chaos-[\w-]{6})-…; 12 s, seed 3\./.exec(err) ?? []
    expect(said).toContain("0 violations.")
    expect(said).toContain(`redis-cli -h 127.0.0.1 -p ${redis.port} --scan --pattern '*${prefix}-*'`)
    expect(code).toBe(0)
    const lines = linesOf(out)
    const ran_ = lines.find((line) => line.type === "run")
    for (const name of [...(ran_?.devices ?? []), ...(ran_?.conversations ?? [])]) expect(name).toContain(`${prefix}-`)
    expect(ran_?.nodes).toEqual(["one", "two"])
    expect(lines.filter(({ type }) => type === "fault").length).toBeGreaterThan(0)
    expect(lines.filter(({ type }) => type === "history")).toHaveLength(2)
    expect(lines.at(-1)).toMatchObject({ type: "end", findings: 0 })
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain(`${prefix}-talk-1`)
  }, 180_000)
})

describe("on a node that wants tokens, with a store of its own", () => {
  const secret = "a secret that is long enough to sign tokens with"
  const node = new FaultNode({ name: "guarded", leaseSeconds: 2, env: { JWT_SECRET: secret } })
  beforeAll(() => node.start())
  afterAll(() => node.kill())

  test("without one it says what to give", async () => {
    const { code, err } = await ran(["chaos", ...urlsOf([node])], { folder })
    expect([code, err]).toEqual([2, expect.stringContaining("--jwt-secret with what they sign with")])
  })

  test("with the secret everybody has one; what devices saw is judged, and the secret is in no record", async () => {
    const out = join(folder, "guarded")
    const flags = ["--seconds", "5", "--seed", "4", "--out", out, "--jwt-secret", secret]
    const { code, out: said } = await ran(["chaos", ...urlsOf([node]), ...flags], { folder })
    expect(said).toContain("0 violations.")
    expect(said).toContain("The store was not looked at (--redis)")
    expect(said).toContain("Left out: cut-subscribers")
    expect(code).toBe(0)
    expect(readFileSync(join(out, "history.jsonl"), "utf8")).not.toContain(secret)
  }, 180_000)
})
