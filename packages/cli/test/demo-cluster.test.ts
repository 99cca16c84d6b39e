/** The real `everthread demo` in a process of its own, on pipes. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { DemoCounts } from "../src/demo-cluster/counts.ts"
import type { Check } from "../src/demo-cluster/judge.ts"
import { ran } from "./fake-context.ts"

const bin = fileURLToPath(new URL("../bin/everthread.mjs", import.meta.url))

let folder: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-demo-test-"))
})
afterEach(async () => {
  const running = children.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
  await Promise.all(running.map((child) => child.kill("SIGKILL") && once(child, "close")))
  rmSync(folder, { recursive: true })
})

/** Its temporary files are in the test's folder, so that what it leaves behind is seen. */
function demo(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [bin, "demo", "--fast", "--port", "0", ...args], {
    env: { PATH: process.env["PATH"] ?? "", LANG: "C", TMPDIR: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  children.push(child)
  const said = { out: "", err: "" }
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text
  })
  const started = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said.out += text
      if (said.out.includes("Nodes:")) resolve()
    })
  })
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...said }))
  return { child, started, ended }
}

interface Report {
  readonly ok: boolean
  readonly store: string
  readonly nodes: readonly string[]
  readonly checks: readonly Check[]
  readonly counts: DemoCounts
}

test("[LOG1] [SUB4] [ACK3] [RUN5] counts what is promised, on three nodes in one process, and leaves nothing", async () => {
  // Meant for another server, and none of the demo's business.
  const env = { JWT_SECRET: "0123456789abcdef0123456789abcdef", WEBSOCKET_PORT: "1", OPENAI_API_KEY: "none" }
  const { code, out, err } = await demo(["--no-redis", "--json"], env).ended
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out.trimEnd().split("\n")).toHaveLength(1)
  const { ok, store, nodes, checks, counts } = JSON.parse(out) as Report
  expect({ ok, store, nodes: new Set(nodes).size }).toEqual({ ok: true, store: "embedded", nodes: 3 })
  expect(checks.filter((check) => !check.ok)).toEqual([])
  expect(new Set(checks.map(({ scene }) => scene)).size).toBe(3)
  expect(counts.consistency).toMatchObject({ written: 200 })
  expect(counts.consistency.devices.map(({ received }) => received)).toEqual([200, 200, 200, 200, 200])
  expect(new Set(counts.consistency.devices.map(({ node }) => node)).size).toBe(3)
  for (const { had, missed, got, fromNode, toNode } of counts.recovery.returns) {
    expect(had).toBe(200)
    expect(missed).toBeGreaterThanOrEqual(60)
    expect(got).toBe(missed)
    expect(toNode).not.toBe(fromNode)
  }
  expect(counts.devices.question).toMatchObject({ given: 2, stored: 1, refused: 1 })
  expect(readdirSync(folder)).toEqual([])
})

test("where lines stay, shows each scene and the table, without a single escape code", async () => {
  const { code, out } = await demo(["--no-redis"]).ended
  expect(code).toBe(0)
  expect(out).not.toContain("\u001b")
  const parts = ["One order for everybody", "Cut off, and back", "three devices in step", "what is promised", "All 21"]
  const places = parts.map((part) => out.indexOf(part))
  expect(places).not.toContain(-1)
  expect([...places].sort((a, b) => a - b)).toEqual(places)
  expect(out).toContain("no cluster of machines")
})

test("Ctrl-C ends the nodes, removes the folder, and ends with 130", async () => {
  const { child, started, ended } = demo(["--no-redis"])
  await started
  child.kill("SIGINT")
  const { code, err } = await ended
  expect(code).toBe(130)
  expect(err).toContain("Stopped")
  expect(readdirSync(folder)).toEqual([])
})

test("a port in use is named, and the flag that mends it", async () => {
  const taken = createServer().listen(0, "127.0.0.1")
  await once(taken, "listening")
  const { port } = taken.address() as AddressInfo
  const { code, err } = await ran(["demo", "--no-redis", "--port", String(port)])
  expect(code).toBe(1)
  expect(err).toContain(`Port ${port} is in use`)
  expect(err).toContain("--port 9100")
  taken.close()
})

test("it takes every address that a node takes: sentinels, or some nodes of a cluster", async () => {
  const taken = createServer().listen(0, "127.0.0.1")
  await once(taken, "listening")
  const { port } = taken.address() as AddressInfo
  const redis = "redis://sentinel-1:26379,sentinel-2:26379?sentinel=mymaster"
  const { code, err } = await ran(["demo", "--redis", redis, "--port", String(port)])
  expect(code).toBe(1)
  expect(err).toContain(`Port ${port} is in use`)
  taken.close()
})

test("its help teaches, in both languages", async () => {
  const english = await ran(["demo", "--help"])
  expect(english.out).toContain("npx everthread demo --redis redis://127.0.0.1:6379")
  const chinese = await ran(["demo", "--help"], { language: "zh" })
  expect(chinese.out).toContain("启动三个节点")
  expect(chinese.out).not.toMatch(/Usage:|Options:/)
})

test.each([
  [["--port", "65534"], "65533"],
  [["--port", "x"], "65533"],
  [["--redis", "localhost"], "redis://127.0.0.1:6379"],
])("%j is called wrongly, and what is meant is said", async (args, meant) => {
  const { code, err } = await ran(["demo", ...args])
  expect(code).toBe(2)
  expect(err).toContain(meant)
})
