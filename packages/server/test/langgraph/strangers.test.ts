/** Who may ask what: tokens, names, members, and pages of other origins. */
import { once } from "node:events"
import { type IncomingMessage, request } from "node:http"
import { WebSocket } from "ws"
import { nodeForTests } from "../support/start-node.ts"
import { fresh, stage } from "./support/nodes.ts"

const secret = "a secret of at least thirty-two characters"
const locked = nodeForTests({ agents: ["scribe"], secret })
const open = nodeForTests({ agents: ["scribe"], websocket: { origins: ["https://ours.example"] } })
const { device } = stage(() => locked().port)

const ask = (port: number, path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init)
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** @returns the code that a socket is closed with, and what it was told before. */
function closedOf(port: number, path: string, protocols: string[] = []): Promise<{ code: number; told: string[] }> {
  return new Promise((resolve) => {
    const told: string[] = []
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols)
    socket.on("message", (data) => told.push(String(data)))
    socket.on("close", (code) => resolve({ code, told }))
    socket.on("error", () => undefined)
  })
}

describe("with authentication on", () => {
  test.each(["websocket", "sse"] as const)("[LGR6] [AUT1] the token says who it is, over %s", async (transport) => {
    const thread = fresh()
    const ada = device(thread, { token: await locked().token("ada"), transport })
    await ada.say("Hello", "m-1")
    await ada.watch()
    await ada.until("the message", () => ada.messages().length === 1)
    expect(ada.messages()).toMatchObject([{ additional_kwargs: { user: "ada" } }])
  })

  test("[LGR6] a client's apiKey is a token too", async () => {
    const token = await locked().token("zoe")
    const answer = await ask(locked().port, "/threads/search", { method: "POST", headers: { "x-api-key": token } })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual([])
  })

  test("[LGR6] without a token, or with a wrong one, nothing is told", async () => {
    const thread = fresh()
    for (const init of [
      {},
      bearer("a.b.c"),
      bearer(
        await open()
          .token("ada")
          .catch(() => "x.y.z"),
      ),
    ]) {
      const answer = await ask(locked().port, `/threads/${thread}/state`, init)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ code: "unauthorized", detail: expect.any(String) })
    }
    const { code, told } = await closedOf(locked().port, `/threads/${thread}/stream/events`)
    expect(code).toBe(4401)
    expect(JSON.parse(told[0] ?? "")).toMatchObject({ type: "error", id: null, error: "permission_denied" })
  })

  test("[LGR6] a token in the address is refused, a right one as well", async () => {
    const token = await locked().token("ada")
    for (const name of ["token", "access_token", "api_key"]) {
      expect((await ask(locked().port, `/threads/${fresh()}?${name}=${token}`)).status).toBe(401)
      const path = `/threads/${fresh()}/stream/events?${name}=${token}`
      expect((await closedOf(locked().port, path)).code).toBe(4401)
    }
  })

  test("[LGR6] [CON5] who is no member is told that, and nothing else", async () => {
    const thread = fresh()
    const ada = device(thread, { token: await locked().token("ada") })
    await ada.say("A secret", "m-1")
    const token = await locked().token("mallory")
    const body = (method: string, params: object) => ({
      method: "POST",
      body: JSON.stringify({ id: 1, method, params }),
      ...bearer(token),
    })
    const asked: [string, RequestInit][] = [
      [`/threads/${thread}`, bearer(token)],
      [`/threads/${thread}/state`, bearer(token)],
      [`/threads/${thread}/history`, { method: "POST", ...bearer(token) }],
      [`/threads/${thread}/runs`, bearer(token)],
      [`/threads/${thread}/commands`, body("run.start", { input: { messages: ["hi"] }, assistant_id: "scribe" })],
      [`/threads/${thread}/commands`, body("state.get", {})],
      [`/threads/${thread}/commands`, body("agent.getTree", {})],
      [`/threads/${thread}/commands`, body("input.inject", { message: { role: "user", content: "hi" } })],
      [`/threads/${thread}/stream/events`, { ...body("", {}), body: JSON.stringify({ channels: ["values"] }) }],
    ]
    for (const [path, init] of asked) {
      const answer = await ask(locked().port, path, init)
      const text = await answer.text()
      expect(answer.status, path).toBe(403)
      expect(text).not.toContain("secret")
    }
    const mallory = device(thread, { token })
    await expect(mallory.watch()).rejects.toMatchObject({ code: "permission_denied" })
    expect(mallory.told).toEqual([])
  })

  test("[LGR6] [CON5] who is removed hears no more: the socket is closed, the stream ends", async () => {
    const thread = fresh()
    const owner = await locked().connect({ user: "ada", token: await locked().token("ada") })
    await owner.must({ type: "create", key: "c", conversation: thread, agent: "scribe", members: ["bob"] })
    const token = await locked().token("bob")
    const bob = device(thread, { token })
    await bob.watch()
    const body = JSON.stringify({ channels: ["values"] })
    const stream = await ask(locked().port, `/threads/${thread}/stream/events`, {
      method: "POST",
      body,
      ...bearer(token),
    })
    await owner.must({ type: "send", key: "k1", conversation: thread, text: "for Bob too" })
    await bob.until("the message", () => bob.messages().length === 1)
    await owner.must({ type: "member.remove", key: "r", conversation: thread, user: "bob" })
    await owner.must({ type: "send", key: "k2", conversation: thread, text: "not for Bob" })
    const streamed = await stream.text()
    expect(streamed).toContain("for Bob too")
    expect(streamed).not.toContain("not for Bob")
    await vi.waitUntil(() => bob.closes.includes(4403), { timeout: 30_000 })
    expect(JSON.stringify(bob.told)).not.toContain("not for Bob")
  })

  test("[LGR6] a missing thread is missing, for whoever asks", async () => {
    const token = await locked().token("ada")
    expect((await ask(locked().port, `/threads/${fresh()}/state`, bearer(token))).status).toBe(404)
  })
})

describe("with authentication off", () => {
  test("[LGR6] a name comes in a header or the address; without one all are one guest", async () => {
    const thread = fresh()
    const names = [{ headers: { "x-everthread-user": "ada" } }, {}]
    for (const [at, init] of names.entries()) {
      const command = { id: 1, method: "run.start", params: { input: { messages: [`message ${at}`] } } }
      const body = JSON.stringify(command)
      expect((await ask(open().port, `/threads/${thread}/commands`, { method: "POST", body, ...init })).status).toBe(
        200,
      )
    }
    const state = (await (await ask(open().port, `/threads/${thread}/state?user=bob`)).json()) as {
      values: { messages: { additional_kwargs: { user: string } }[] }
    }
    expect(state.values.messages.map((message) => message.additional_kwargs.user)).toEqual(["ada", "guest"])
  })

  test("[LGR1] however many open a thread at the same moment, all get in", async () => {
    const thread = fresh()
    const visitors = Array.from({ length: 40 }, (_, at) => device(thread, { port: open().port, user: `visitor-${at}` }))
    await Promise.all(visitors.map((visitor) => visitor.watch()))
    const native = await (await open().connect({ user: "visitor-0" })).follow(thread)
    expect(Object.keys(native.state.members)).toHaveLength(40)
  })

  test("[LGR6] only pages of this machine and of websocket.origins may ask", async () => {
    const from = (origin: string) => ({ headers: { origin } })
    for (const origin of ["http://localhost:3000", "https://ours.example"]) {
      const answer = await ask(open().port, "/assistants/search", { method: "POST", ...from(origin) })
      expect(answer.status).toBe(200)
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin)
      const preflight = await ask(open().port, "/threads", { method: "OPTIONS", ...from(origin) })
      expect(preflight.status).toBe(204)
    }
    const strange = await ask(open().port, "/assistants/search", { method: "POST", ...from("https://evil.example") })
    expect(strange.status).toBe(403)
    expect(strange.headers.get("access-control-allow-origin")).toBeNull()
  })

  test.each([
    ["a name that its owner has pointed at this machine", "evil.example:8765", 403],
    ["one that only begins like this machine's", "127.0.0.1.evil.example", 403],
    ["this machine's name", "localhost:8765", 200],
    ["an address", "192.0.2.7:8765", 200],
    ["an address of version 6", "[2001:db8::7]:8765", 200],
    ["a name within the network", "everthread:8765", 200],
    ["one of websocket.origins", "ours.example", 200],
  ])("[LGR6] [CON6] who reads without an origin has asked for a host: %s", async (_, host, status) => {
    const thread = fresh()
    const body = JSON.stringify({ id: 1, method: "run.start", params: { input: { messages: ["for us alone"] } } })
    await ask(open().port, `/threads/${thread}/commands`, { method: "POST", body })
    const asked = request({ host: "127.0.0.1", port: open().port, path: `/threads/${thread}/state`, headers: { host } })
    const [answer] = (await once(asked.end(), "response")) as [IncomingMessage]
    let text = ""
    for await (const part of answer.setEncoding("utf8")) text += part
    expect([answer.statusCode, text.includes("for us alone")]).toEqual([status, status === 200])
  })
})

test("[AUT2] a stream ends with its token", async () => {
  const thread = fresh()
  const owner = await locked().connect({ user: "ada", token: await locked().token("ada") })
  await owner.must({ type: "create", key: "c", conversation: thread, agent: "scribe" })
  const token = await locked().token("ada", { ttlMs: 1_500 })
  const body = JSON.stringify({ channels: ["values"] })
  const answer = await ask(locked().port, `/threads/${thread}/stream/events`, {
    method: "POST",
    body,
    ...bearer(token),
  })
  expect(await answer.text()).toContain('"code":"unauthorized"')
  const { code } = await closedOf(locked().port, `/threads/${thread}/stream/events`, [
    "everthread",
    await locked().token("ada", { ttlMs: 1_500 }),
  ])
  expect(code).toBe(4401)
})
