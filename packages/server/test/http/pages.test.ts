/** What a load balancer is told of a node. */
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { EngineStatus } from "@everthread/engine"
import { answer, type Health } from "../../src/http/pages.ts"

let health: Health
const server = createServer((request, response) =>
  answer(request, response, { health: () => health, sockets: {}, metrics: undefined }),
)
beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"))
afterAll(() => server.close())

async function ready(engine: EngineStatus, isDraining = false) {
  health = { node: "one", isDraining, engine }
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/readyz`)
  return { code: response.status, body: await response.json() }
}

test.each<[EngineStatus, number, object]>([
  [{ state: "ready" }, 200, { status: "ready", node: "one" }],
  [
    { state: "ready", reason: "worse than asked for" },
    200,
    { status: "ready", node: "one", reason: "worse than asked for" },
  ],
  [{ state: "read-only", reason: "a full disk" }, 200, { status: "read-only", node: "one", reason: "a full disk" }],
  [{ state: "unavailable", reason: "it is away" }, 503, { status: "degraded", node: "one", reason: "it is away" }],
])("[STO2] [STO3] a store that is %o", async (engine, code, body) => {
  expect(await ready(engine)).toEqual({ code, body })
})

test("[CON4] a node that drains takes nobody, whatever its store does", async () => {
  expect(await ready({ state: "ready" }, true)).toEqual({ code: 503, body: { status: "draining", node: "one" } })
})
