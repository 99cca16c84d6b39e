/** What the shipped nginx.conf lets through, holds back and waits for. */
import { execFileSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { limits } from "@everthread/protocol"
import { loadConfig } from "@everthread/server/config"
import { WebSocket } from "ws"
import { SimpleClient } from "../packages/server/test/simple/support/simple-client.ts"
import { type EchoServer, startEchoServer } from "./support/deploy/echo-server.ts"
import { type RunningNginx, startNginx, testConfig } from "./support/deploy/nginx.ts"
import { shippedConfig } from "./support/deploy/nginx-config.ts"
import { type Nodes, startNodes } from "./support/deploy/nodes.ts"
import { addressIn, get, openAnywhere, wsUrl } from "./support/deploy/through-nginx.ts"

const { websocket } = loadConfig({ env: {}, flags: {} }).config
const fewPorts = [1, 2, 3] as const

/** The value of a directive that the file has once. */
function directive(name: string): string {
  const found = [...shippedConfig.matchAll(new RegExp(`^ *${name} (.*);$`, "gm"))].map(([, value]) => value)
  expect(found, name).toHaveLength(1)
  return found[0] ?? ""
}

describe("the file", () => {
  test.each([false, true])("is right to nginx itself, with ip_hash: %s", async (sticky) => {
    expect(await testConfig({ nodes: fewPorts, sticky })).toMatch(/test is successful/)
  })

  test.each(["proxy_read_timeout", "proxy_send_timeout", "send_timeout"])(
    "[CON3] gives a silent connection longer than the node does: %s",
    (name) => {
      const timeoutMs = Number.parseInt(directive(name), 10) * 1_000
      expect(directive(name)).toMatch(/^\d+s$/)
      expect(timeoutMs).toBeGreaterThan(3 * websocket.heartbeatIntervalMs)
      expect(timeoutMs).toBeGreaterThan(60_000)
    },
  )

  test("takes plain requests of a frame's size", () => {
    expect(directive("client_max_body_size")).toBe("1m")
    expect(websocket.frameBytesMax).toBe(1_048_576)
  })
})

describe("in front of nodes", () => {
  let nodes: Nodes
  let nginx: RunningNginx
  beforeAll(async () => {
    nodes = await startNodes()
    nginx = await startNginx({ nodes: nodes.ports })
  })
  afterAll(async () => {
    await nginx?.stop()
    await nodes?.stop()
  })

  test.each(["/healthz", "/readyz"])("%s is answered by a node", async (path) => {
    const { status, body } = await get(nginx.port, path)
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ node: expect.stringMatching(/^node-\d$/) })
  })

  test("the largest frame passes, and a larger one is refused by the node, in the client's protocol", async () => {
    const client = await SimpleClient.open(wsUrl(nginx.port))
    await client.hello("ann", "phone")
    const frame = { type: "text", content: "large", message_id: "m1", timestamp: new Date().toISOString(), pad: "" }
    const ofSize = (bytes: number) =>
      JSON.stringify({ ...frame, pad: "x".repeat(bytes - JSON.stringify(frame).length) })
    client.send(ofSize(websocket.frameBytesMax))
    expect(await client.next()).toMatchObject({ type: "ack", message_id: "m1" })
    client.send(ofSize(websocket.frameBytesMax + 1))
    expect(await client.next()).toMatchObject({ type: "error", code: "frame_too_large" })
    expect(await client.closed).toBe(4413)
  })

  test("a token of any length fits into a header", async () => {
    const headers = { authorization: `Bearer ${"x".repeat(limits.tokenCharsMax)}` }
    expect(await get(nginx.port, "/healthz", { headers })).toMatchObject({ status: 200 })
  })
})

describe("a connection on which nobody says anything", () => {
  test("[CON3] lives longer than nginx waits, by the node's pings", async () => {
    const nodes = await startNodes({ heartbeatIntervalMs: 1_000 })
    const nginx = await startNginx({ nodes: nodes.ports, timeoutSeconds: 5 })
    try {
      const client = await SimpleClient.open(wsUrl(nginx.port))
      await client.hello("ann", "phone")
      // Each comes a second after the one before, at the earliest.
      for (let seconds = 0; seconds <= 7; seconds++) await once(client.socket, "ping")
      expect(client.frames).toHaveLength(1)
      expect(await client.settled()).toEqual([])
    } finally {
      await nginx.stop()
      await nodes.stop()
    }
  })

  test("is cut where nginx waits for less than a heartbeat", async () => {
    const nodes = await startNodes({ heartbeatIntervalMs: 600_000 })
    const nginx = await startNginx({ nodes: nodes.ports, timeoutSeconds: 1 })
    try {
      const client = await SimpleClient.open(wsUrl(nginx.port))
      await client.hello("ann", "phone")
      expect(await client.closed).toBe(1006)
    } finally {
      await nginx.stop()
      await nodes.stop()
    }
  })
})

describe("what a client pretends", () => {
  let node: EchoServer
  let nginx: RunningNginx
  beforeAll(async () => {
    node = await startEchoServer()
    nginx = await startNginx({ nodes: [node.port, node.port, node.port] })
  })
  afterAll(async () => {
    await nginx?.stop()
    await node?.stop()
  })

  const forged = {
    "X-Forwarded-For": "127.0.0.1, 10.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "admin.example",
    "X-Real-IP": "127.0.0.1",
    Forwarded: "for=127.0.0.1;proto=https",
  }
  const seen = (host: string) => ({
    host,
    "x-forwarded-for": addressIn(9),
    "x-forwarded-proto": "http",
    "x-forwarded-host": host,
    "x-real-ip": addressIn(9),
  })

  test("about its address does not reach a node, in a plain request", async () => {
    await get(nginx.port, "/healthz", { headers: forged, localAddress: addressIn(9) })
    const headers = node.requests.at(-1)
    expect(headers).toMatchObject(seen(`127.0.0.1:${nginx.port}`))
    expect(headers).not.toHaveProperty("forwarded")
    expect(headers).not.toHaveProperty("upgrade")
  })

  test("about its address does not reach a node, in an upgrade", async () => {
    const refused = SimpleClient.open(wsUrl(nginx.port), { headers: forged, localAddress: addressIn(9) })
    await expect(refused).rejects.toThrow("Unexpected server response: 200")
    const headers = node.requests.at(-1)
    expect(headers).toMatchObject({ ...seen(`127.0.0.1:${nginx.port}`), upgrade: "websocket", connection: "upgrade" })
    expect(headers).not.toHaveProperty("forwarded")
  })

  test("does not open /metrics, which this machine may read", async () => {
    const { length } = node.requests
    for (const path of ["/metrics", "/metrics?x=1", "//metrics", "/%6detrics", "/ws/../metrics"]) {
      const answer = await get(nginx.port, path, { headers: forged, localAddress: addressIn(9) })
      expect(answer, path).toMatchObject({ status: 403 })
    }
    expect(node.requests).toHaveLength(length)
    expect(await get(nginx.port, "/metrics")).toMatchObject({ status: 200 })
  })
})

test("an address that is pretended does not choose the node, with ip_hash", async () => {
  const nodes = await startNodes()
  const nginx = await startNginx({ nodes: nodes.ports, sticky: true })
  try {
    const chosen = new Set<unknown>()
    for (let network = 1; network <= 6; network++) {
      const headers = { "X-Forwarded-For": addressIn(network), "X-Real-IP": addressIn(network) }
      const { client, node } = await openAnywhere(nginx.port, addressIn(9), headers)
      chosen.add(node)
      await client.close()
    }
    expect(chosen.size).toBe(1)
  } finally {
    await nginx.stop()
    await nodes.stop()
  }
})

test("[CON4] a node that refuses with 503 is passed over, and its client does not notice", async () => {
  const refusing = await startEchoServer(503)
  const nodes = await startNodes()
  const [, second, third] = nodes.ports
  const nginx = await startNginx({ nodes: [refusing.port, second, third] })
  try {
    for (let network = 1; network <= 6; network++) {
      const { client, node } = await openAnywhere(nginx.port, addressIn(network))
      expect(["node-2", "node-3"]).toContain(node)
      await client.close()
    }
    expect(refusing.requests.length).toBeGreaterThan(0)
  } finally {
    await nginx.stop()
    await nodes.stop()
    await refusing.stop()
  }
})

describe("with TLS taken in", () => {
  const folder = mkdtempSync(join(tmpdir(), "everthread-tls-"))
  const tls = { certificate: join(folder, "cert.pem"), key: join(folder, "key.pem"), redirectPort: 0 }
  beforeAll(() => {
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", tls.key]
    execFileSync("openssl", ["req", "-x509", ...key, "-out", tls.certificate, "-days", "2", ...subject], {
      stdio: "ignore",
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test("sockets are wss, plain ones are sent there, and a node is told", async () => {
    const node = await startEchoServer(426)
    const nodes = [node.port, node.port, node.port] as const
    const redirect = await startEchoServer()
    await redirect.stop()
    const nginx = await startNginx({ nodes, tls: { ...tls, redirectPort: redirect.port } })
    try {
      const socket = new WebSocket(`wss://127.0.0.1:${nginx.port}/ws`, { ca: readFileSync(tls.certificate) })
      const [error] = (await once(socket, "error")) as [Error]
      expect(error.message).toBe("Unexpected server response: 426")
      expect(node.requests.at(-1)).toMatchObject({ "x-forwarded-proto": "https", upgrade: "websocket" })
      expect(await get(redirect.port, "/ws?v=1")).toMatchObject({
        status: 308,
        headers: { location: "https://127.0.0.1/ws?v=1" },
      })
    } finally {
      await nginx.stop()
      await node.stop()
    }
  })
})
