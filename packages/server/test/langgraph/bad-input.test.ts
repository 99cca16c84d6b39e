/** What is wrong is said, with its field, and harms nothing. */
import fc from "fast-check"
import { WebSocket } from "ws"
import { nodeForTests, startNode } from "../support/start-node.ts"
import { fresh } from "./support/nodes.ts"

const node = nodeForTests({ agents: ["scribe"] })

interface Answer {
  readonly type: string
  readonly id: number | null
  readonly error?: string
  readonly message?: string
  readonly field?: string
  readonly result?: object
}

/** Sends frames one after the other. @returns what each is answered. */
async function answers(frames: readonly (string | object)[], thread = fresh(), port = node().port): Promise<Answer[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/threads/${thread}/stream/events`)
  const told: Answer[] = []
  await new Promise<void>((resolve) => {
    socket.on("open", () => {
      for (const frame of frames) socket.send(typeof frame === "string" ? frame : JSON.stringify(frame))
    })
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Answer
      if (frame.type !== "event") told.push(frame)
      if (told.length === frames.length) resolve()
    })
  })
  socket.terminate()
  return told
}

const start = (params: object) => ({ id: 1, method: "run.start", params: { assistant_id: "scribe", ...params } })
const messages = (...list: unknown[]) => start({ input: { messages: list } })

test.each([
  ["no JSON", "{", null, "The frame is not JSON"],
  ["a list", "[]", null, "not an object"],
  ["deep nesting", `${'{"a":'.repeat(40)}1${"}".repeat(40)}`, null, "deep"],
  ["no id", { method: "run.start" }, null, "id"],
  ["a text for an id", { id: "1", method: "run.start" }, null, "id"],
  ["no method", { id: 1 }, 1, "method"],
  ["a method that nobody knows", { id: 1, method: "run.begin" }, 1, "run.start"],
  ["parameters that are none", { id: 1, method: "run.start", params: [] }, 1, "params"],
  ["no input", start({}), 1, "input"],
  ["input that is a text", start({ input: "hi" }), 1, "input"],
  ["no messages", start({ input: {} }), 1, "human"],
  ["the agent's words last", messages({ type: "human", content: "a" }, { type: "ai", content: "b" }), 1, "human"],
  [
    "a picture",
    messages({ type: "human", content: [{ type: "image_url", image_url: "x" }] }),
    1,
    "blocks of type text",
  ],
  ["a blank", messages({ type: "human", content: "  " }), 1, "blank"],
  ["too long a text", messages({ type: "human", content: "x".repeat(10_001) }), 1, "10000"],
  ["half a character", messages({ type: "human", content: "a\ud800" }), 1, "half a character"],
  ["too many messages", messages(...Array.from({ length: 10_001 }, () => "x")), 1, "10000"],
  ["an id with a space", messages({ type: "human", content: "a", id: "a b" }), 1, "id"],
  ["an id that is a number", messages({ type: "human", content: "a", id: 7 }), 1, "id"],
  ["a checkpoint to go on from", start({ config: { configurable: { checkpoint_id: "c" } } }), 1, "Copy it"],
  ["a configuration that is none", start({ config: 1 }), 1, "config"],
  ["no question", { id: 1, method: "input.respond", params: {} }, 1, "interrupt_id"],
  ["a question that was never asked", { id: 1, method: "input.respond", params: { interrupt_id: "q" } }, 1, "member"],
  [
    "an update of the state",
    { id: 1, method: "input.respond", params: { interrupt_id: "q", update: {} } },
    1,
    "update",
  ],
  ["no answers", { id: 1, method: "input.respond", params: { responses: [] } }, 1, "responses"],
  ["no channels", { id: 1, method: "subscription.subscribe", params: {} }, 1, "channels"],
  [
    "a channel that nobody knows",
    { id: 1, method: "subscription.subscribe", params: { channels: ["news"] } },
    1,
    "channels",
  ],
  [
    "a depth below nothing",
    { id: 1, method: "subscription.subscribe", params: { channels: ["values"], depth: -1 } },
    1,
    "depth",
  ],
  [
    "a subscription that is none",
    { id: 1, method: "subscription.unsubscribe", params: { subscription_id: "s" } },
    1,
    "subscription_id",
  ],
  ["a fork in place", { id: 1, method: "state.fork", params: {} }, 1, "copy"],
])("[LGR1] [CON2] %s", async (_what, frame, id, words) => {
  const [told, alive] = await answers([
    frame,
    { id: 9, method: "subscription.subscribe", params: { channels: ["values"] } },
  ])
  expect(told).toMatchObject({ type: "error", id, error: expect.any(String) })
  expect(told?.message).toContain(words)
  // The connection lives on; but who asked about a thread that is not theirs has none.
  if (words !== "member") expect(alive).toMatchObject({ type: "success", id: 9 })
})

test("[CON2] [CON6] the same over HTTP", async () => {
  const post = (path: string, body: string) => fetch(`http://127.0.0.1:${node().port}${path}`, { method: "POST", body })
  const thread = fresh()
  expect((await post(`/threads/${thread}/commands`, "{")).status).toBe(400)
  expect((await post(`/threads/${thread}/stream/events`, '{"channels":[]}')).status).toBe(422)
  expect((await post(`/threads/${thread}/stream/events`, '{"channels":["values"],"since":-1}')).status).toBe(422)
  expect((await post("/threads", '{"thread_id":"a b"}')).status).toBe(422)
  expect((await post("/threads", '{"thread_id":"~somebody"}')).status).toBe(403)
  expect((await post("/threads/search", '{"limit":"many"}')).status).toBe(422)
  expect((await post("/threads/search", '{"status":"busy"}')).status).toBe(422)
  expect((await post(`/threads/${thread}/commands`, `"${"x".repeat(1_100_000)}"`)).status).toBe(413)
  const subscribe = await post(`/threads/${thread}/commands`, '{"id":1,"method":"subscription.subscribe","params":{}}')
  expect(await subscribe.json()).toMatchObject({
    type: "error",
    error: "not_supported",
    message: expect.stringContaining("WebSocket"),
  })
  for (const path of ["/threads/a%20b/state", "/threads/%E0%A4%A/state", "/store/items", "/runs/stream"]) {
    expect((await post(path, "")).status, path).toBe(404)
  }
  const other = await fetch(`http://127.0.0.1:${node().port}/threads/${thread}`, { method: "DELETE" })
  expect(other.status).toBe(405)
  expect(other.headers.get("allow")).toBe("GET")
})

test("[LGR3] [CON2] one connection has a limited number of subscriptions", async () => {
  const subscribe = (id: number) => ({ id, method: "subscription.subscribe", params: { channels: ["lifecycle"] } })
  const told = await answers(Array.from({ length: 257 }, (_, id) => subscribe(id)))
  expect(told.slice(0, 256).every(({ type }) => type === "success")).toBe(true)
  expect(told[256]).toMatchObject({ type: "error", message: expect.stringContaining("256") })
})

test("[LGR3] [CON2] what the subscriptions of one connection name together is bounded, as is what a stream names", async () => {
  // Each of them is held against everything that happens, before anybody else is served.
  const namespaces = Array.from({ length: 60 }, (_, at) => [`${at}`.padEnd(400, "x")])
  const params = { channels: ["lifecycle"], namespaces }
  const told = await answers([1, 2, 3].map((id) => ({ id, method: "subscription.subscribe", params })))
  expect(told).toMatchObject([{ type: "success" }, { type: "error", field: "namespaces" }, { type: "error" }])
  const body = JSON.stringify({ ...params, namespaces: [...namespaces, ...namespaces] })
  const stream = await fetch(`http://127.0.0.1:${node().port}/threads/${fresh()}/stream/events`, {
    method: "POST",
    body,
  })
  expect([stream.status, await stream.json()]).toMatchObject([422, { code: "limit_reached", field: "namespaces" }])
})

test("[CON6] [HIS1] [ERR1] who asks a node without checkpoints for them is refused, and not told to try again", async () => {
  const thread = fresh()
  const command = async (method: string, params: object) => {
    const body = JSON.stringify({ id: 1, method, params })
    const answer = await fetch(`http://127.0.0.1:${node().port}/threads/${thread}/commands`, { method: "POST", body })
    return { status: answer.status, ...((await answer.json()) as Answer) }
  }
  await command("run.start", { input: { messages: "hi" } })
  expect(await command("state.listCheckpoints", {})).toMatchObject({
    status: 200,
    type: "error",
    error: "not_supported",
    retryable: false,
  })
})

test("[NOD7] too many answers are refused as something to be tried again later, over HTTP and over WebSocket", async () => {
  const small = await startNode({ agents: ["scribe"], rateLimit: { changes: 1, windowMs: 600_000 } })
  const at = `127.0.0.1:${small.port}/threads/${fresh()}`
  const respond = { id: 1, method: "input.respond", params: { interrupt_id: "q", response: 1 } }
  const post = async (command: object) => {
    const answer = await fetch(`http://${at}/commands`, { method: "POST", body: JSON.stringify(command) })
    return { status: answer.status, ...((await answer.json()) as Answer) }
  }
  await post({ id: 1, method: "run.start", params: { input: { messages: "hi" } } })
  expect(await post(respond)).toMatchObject({ status: 200, error: "no_such_interrupt" })
  expect(await post(respond)).toMatchObject({ status: 429, code: "rate_limited", retryable: true })
  const [told] = await answers([respond], "other", small.port)
  expect(told).toMatchObject({ type: "error", code: "rate_limited" })
  await small.stop()
})

test("[CON6] whatever is asked, it is answered with what was wrong about it, and the node lives on", async () => {
  const methods = [
    "run.start",
    "input.respond",
    "input.inject",
    "state.get",
    "state.listCheckpoints",
    "agent.getTree",
    "x",
  ]
  const odd = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(null, [], {}, "human", ["human", "hi"]))
  const params = fc.record(
    {
      assistant_id: fc.oneof(fc.constantFrom("scribe", "_", ""), odd),
      input: fc.oneof(odd, fc.record({ messages: fc.oneof(odd, fc.array(odd, { maxLength: 3 })) })),
      config: odd,
      multitaskStrategy: odd,
      interrupt_id: odd,
      responses: odd,
      message: odd,
      keys: odd,
      limit: odd,
      before: odd,
    },
    { requiredKeys: [] },
  )
  const thread = fresh()
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...methods), fc.oneof(params, odd), async (method, params) => {
      const body = JSON.stringify({ id: 1, method, params })
      const answer = await fetch(`http://127.0.0.1:${node().port}/threads/${thread}/commands`, { method: "POST", body })
      statuses.add(answer.status)
      expect(await answer.json()).toMatchObject({ type: expect.stringMatching(/^(success|error)$/), id: 1 })
    }),
    { numRuns: 300 },
  )
  for (const status of statuses) expect([200, 403]).toContain(status)
  expect(node().log.lines.filter(({ level }) => level === "error")).toEqual([])
})
