/** The real command on a real Redis: refused where it would lose more than was asked for, degraded while it is away. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RedisServer, startRedis, until } from "@everthread/stage"
import { WebSocket } from "ws"
import { agentFile, type Serving, serve } from "./serving.ts"

let folder: string
let redis: RedisServer | undefined
const started: Serving[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-serve-redis-"))
})
afterEach(async () => {
  for (const { child } of started) child.kill("SIGKILL")
  await Promise.all(started.splice(0).map(({ ended }) => ended))
  await redis?.stop()
  rmSync(folder, { recursive: true })
})

function start(args: readonly string[], env: Record<string, string> = {}): Serving {
  const serving = serve(["--graph", `${agentFile("echo")}:graph`, ...args], env, folder)
  started.push(serving)
  return serving
}

async function readiness(address: string): Promise<string> {
  const response = await fetch(`${address.replace("ws:", "http:")}/readyz`)
  const { status } = (await response.json()) as { status: string }
  return `${response.status} ${status}`
}

test("[STO4] a Redis that would lose more than was asked for is refused, with the command that mends it", async () => {
  redis = await startRedis({ password: "hunter2", config: { appendonly: "no" } })
  const serving = start([], { REDIS_URL: redis.url })
  expect(await serving.ended).toBe(1)
  expect(serving.err()).toContain("is not fit for durability fsync")
  expect(serving.err()).toMatch(/redis-cli -h 127.0.0.1 -p \d+ --askpass CONFIG SET appendonly yes/)
  expect(serving.err()).toContain("As it is, it is fit for redis.durability memory")
  expect(serving.err()).not.toContain("hunter2")
  expect(serving.err()).not.toMatch(/\n\s+at /)
})

test("[STO4] with less asked for it serves, and says what it is told to promise", async () => {
  redis = await startRedis({ config: { appendonly: "no" } })
  const serving = start(["--redis", redis.url, "--redis-durability", "memory"])
  await serving.ready
  expect(serving.out()).toMatch(/Redis at 127.0.0.1:\d+ \(standalone\), memory/)
})

test("[STO3] while Redis is away the node stays up and keeps its sockets, says degraded, and comes back", async () => {
  redis = await startRedis()
  // Nobody says hello on the socket: it is there to be kept.
  const serving = start(["--websocket-hello-timeout", "300"], { REDIS_URL: redis.url })
  const address = await serving.ready
  expect(await readiness(address)).toBe("200 ready")
  const socket = new WebSocket(`${address}/v1`)
  await new Promise((resolve) => socket.once("open", resolve))
  await redis.kill()
  await until("the node to be degraded", async () => (await readiness(address)) === "503 degraded")
  await redis.restart()
  await until("the node to be ready again", async () => (await readiness(address)) === "200 ready")
  expect(serving.child.exitCode).toBeNull()
  expect(socket.readyState).toBe(WebSocket.OPEN)
  socket.close()
})

test("a Redis that is not there is said so", async () => {
  const serving = start(["--redis", "redis://127.0.0.1:1"])
  expect(await serving.ended).toBe(1)
  expect(serving.err()).toContain("127.0.0.1:1")
})
