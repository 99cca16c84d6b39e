/** Who may press the kill button, and where whoever comes to the address is led. */
import { once } from "node:events"
import { createServer, type IncomingMessage, request as open, type Server } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { systemClock } from "@everthread/protocol"
import type { Action } from "../src/dev/cluster.ts"
import { createControl } from "../src/dev/control.ts"
import { type Front, openFront } from "../src/dev/front.ts"

const token = "the-token-of-this-page"
const servers: Server[] = []
const fronts: Front[] = []
const upgraded: Socket[] = []
afterEach(async () => {
  await Promise.all(fronts.splice(0).map((front) => front.close()))
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A node that says which one it is, and whose sockets say it, too. */
async function node(name: string): Promise<number> {
  const server = createServer((request, response) => response.end(`${name} ${request.method} ${request.url}`))
  server.on("upgrade", (_request, socket: Socket) => {
    upgraded.push(socket.on("error", () => {}))
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n${name}`)
  })
  servers.push(server)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return (server.address() as AddressInfo).port
}

/** A node that says back what it is sent. */
async function echo(): Promise<number> {
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const part of request.setEncoding("utf8")) body += part
    response.end(`<${body}>`)
  })
  servers.push(server)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return (server.address() as AddressInfo).port
}

function setUp(ports: number[]) {
  const acts: [string, Action][] = []
  const waiting = new Set<() => void>()
  const cluster = {
    look: async () => ({ nodes: [], runs: [] }),
    act(id: string, action: Action) {
      acts.push([id, action])
      return id === "node-1"
    },
    port: () => ports[0],
    onLive(tell: () => void) {
      waiting.add(tell)
      return () => waiting.delete(tell)
    },
  }
  const control = createControl(cluster, token)
  const parts = { cluster, clock: systemClock, control: control.answer, headers: control.headers, nobody: "nobody" }
  const isLive = () => {
    for (const tell of waiting) tell()
  }
  return { acts, isLive, waiting, ready: openFront(0, parts).then((front) => fronts[fronts.push(front) - 1] as Front) }
}

interface Asked {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** By hand: `fetch` does not let anybody say who they are. */
async function ask(port: number, { method = "GET", path = "/", headers = {} }: Asked) {
  const request = open({ host: "127.0.0.1", port, method, path, headers })
  request.end()
  const [answer] = (await once(request, "response")) as [IncomingMessage]
  let text = ""
  for await (const part of answer.setEncoding("utf8")) text += part
  return { status: answer.statusCode, headers: answer.headers, text }
}

describe("[DEV2] the kill button", () => {
  const kill = { method: "POST", path: "/dev/nodes/node-1/kill" }

  test("is pressed by the page that was told the token", async () => {
    const { acts, ready } = setUp([await node("one")])
    const { port } = await ready
    const page = await ask(port, { headers: { "sec-fetch-site": "same-origin" } })
    expect(page.headers["everthread-dev"]).toBe(token)
    const origin = `http://127.0.0.1:${port}`
    const headers = { "everthread-dev": token, origin, "sec-fetch-site": "same-origin" }
    expect(await ask(port, { ...kill, headers })).toMatchObject({ status: 200 })
    expect(await ask(port, { ...kill, path: "/dev/nodes/node-9/kill", headers })).toMatchObject({ status: 409 })
    expect(await ask(port, { ...kill, path: "/dev/nodes/node-1/explode", headers })).toMatchObject({ status: 404 })
    expect(await ask(port, { ...kill, method: "GET", headers })).toMatchObject({ status: 405 })
    expect(acts).toEqual([
      ["node-1", "kill"],
      ["node-9", "kill"],
    ])
  })

  const right = (port: number) => ({ "everthread-dev": token, origin: `http://127.0.0.1:${port}` })
  const strangers: readonly [string, (port: number) => Record<string, string>][] = [
    ["without the token", (port) => ({ origin: `http://127.0.0.1:${port}` })],
    ["with another one", (port) => ({ ...right(port), "everthread-dev": "guessed" })],
    ["from another site", (port) => ({ ...right(port), origin: "https://evil.example" })],
    ["from another port of this machine", (port) => ({ ...right(port), origin: `http://127.0.0.1:${port + 1}` })],
    ["from nowhere", () => ({ "everthread-dev": token })],
    ["from a page without an origin", (port) => ({ ...right(port), origin: "null" })],
    ["across sites, as the browser says", (port) => ({ ...right(port), "sec-fetch-site": "cross-site" })],
    [
      "by a stranger's name that points here",
      (port) => ({ ...right(port), host: `evil.example:${port}`, origin: `http://evil.example:${port}` }),
    ],
  ]
  test.each(strangers)("is not pressed %s, nor is the cluster shown", async (_how, headersOf) => {
    const { acts, ready } = setUp([await node("one")])
    const { port } = await ready
    const headers = headersOf(port)
    expect((await ask(port, { ...kill, headers })).status).toBe(403)
    expect(acts).toEqual([])
    if ("origin" in headers) expect((await ask(port, { path: "/dev/cluster", headers })).status).toBe(403)
  })

  test("the token is told to no page but its own", async () => {
    const { ready } = setUp([await node("one")])
    const { port } = await ready
    const others = [
      { host: `evil.example:${port}` },
      { origin: "http://localhost:3000" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ]
    for (const headers of others as Record<string, string>[]) {
      expect((await ask(port, { headers })).headers).not.toHaveProperty("everthread-dev")
    }
  })
})

describe("[DEV1] the address", () => {
  test("leads to a live node, and to another one when that has gone", async () => {
    const ports = [await node("one"), await node("two")]
    const { port } = await setUp(ports).ready
    expect((await ask(port, { path: "/a?b=c" })).text).toBe("one GET /a?b=c")
    ports.shift()
    expect((await ask(port, { method: "PUT", path: "/x" })).text).toBe("two PUT /x")
  })

  test("ends a socket when its node does, so that the device comes back at once", async () => {
    const { port } = await setUp([await node("one")]).ready
    const socket = connect(port, "127.0.0.1")
    socket.on("error", () => {})
    socket.write("GET /v1 HTTP/1.1\r\nhost: x\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")
    const [greeting] = (await once(socket, "data")) as [Buffer]
    expect(String(greeting)).toMatch(/101[\s\S]*one$/)
    const closed = once(socket, "close")
    for (const each of upgraded.splice(0)) each.resetAndDestroy()
    await closed
  })

  test("keeps whoever comes while no node is live, until one is", async () => {
    const ports: number[] = []
    const { isLive, waiting, ready } = setUp(ports)
    const asking = ask((await ready).port, {})
    while (waiting.size === 0) await new Promise((resolve) => setImmediate(resolve))
    ports.push(await node("late"))
    isLive()
    expect((await asking).text).toBe("late GET /")
  })

  test("a node that does not take what it is led is said so", async () => {
    const { port } = await setUp([1]).ready
    expect(await ask(port, {})).toMatchObject({ status: 502, text: "nobody\n" })
  })

  test.each([
    ["DELETE", "transfer-encoding: chunked\r\n\r\n5\r\nwords\r\n0\r\n\r\n", "words"],
    ["POST", "transfer-encoding: chunked\r\ntrailer: sum\r\n\r\n5\r\nwords\r\n0\r\nsum: 5\r\n\r\n", "words"],
    ["GET", "trailer: sum\r\n\r\n", ""],
    ["POST", "trailer: sum\r\ncontent-length: 0\r\n\r\n", ""],
  ])("passes on the body of a %s that is framed in an unusual way (%#), and lives on", async (method, rest, body) => {
    const { port } = await setUp([await echo()]).ready
    const socket = connect(port, "127.0.0.1")
    socket.write(`${method} / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${rest}`)
    let told = ""
    for await (const part of socket.setEncoding("utf8")) told += part
    expect(told).toMatch(/^HTTP\/1.1 200 /)
    expect(told).toContain(`<${body}>`)
  })
})
