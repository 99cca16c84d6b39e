/** How a connection of the simple protocol begins, and what a session remembers. */
import { fresh, simpleNode } from "./support/simple-node.ts"

const sessionTtlMs = 300_000

describe("the hello", () => {
  const node = simpleNode({ websocket: { sessionTtlMs } })

  test("[SIM1] is answered by one system frame, before anything else", async () => {
    const user = fresh("ann")
    const writer = await node().connect(user, "phone")
    await writer.text("first", "m1")
    const { greeting, ...reader } = await node().connect(user, "laptop")
    expect(greeting).toEqual({
      type: "system",
      session_id: expect.stringMatching(/^\w{8,}$/),
      recovered: false,
      user_id: user,
      device_id: "laptop",
      conversation_id: `~${user}`,
      server_id: "node-1",
      message_count: 1,
      last_active: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      cursor: "0-0",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    })
    expect(reader.frames.filter(({ type }) => type === "system")).toHaveLength(1)
  })

  test.each(["/", "/ws", "/ws?x=1"])("is taken at %s", async (path) => {
    const client = await node().open({ path })
    expect(await client.hello(fresh("ann"), "phone")).toMatchObject({ type: "system" })
  })

  test.each([
    "2026-11-21T05:20:13.123456",
    "2026-11-21T05:20:13",
    "2026-11-21T05:20:13.123456+00:00",
    "2026-11-21T05:20:13+08:00",
    "2026-11-21T05:20:13.123Z",
  ])("takes the time %s", async (timestamp) => {
    const client = await node().open()
    expect(await client.hello(fresh("ann"), "phone", { timestamp })).toMatchObject({ type: "system" })
  })

  test("takes its fields in any order, and others that it does not know", async () => {
    const client = await node().open()
    client.send('{"app":{"v":[1]},"timestamp":"2026-11-21T05:20:13.1","device_id":"d","x":null,"user_id":"py"}')
    expect(await client.next()).toMatchObject({ type: "system", user_id: "py", device_id: "d" })
  })

  test.each([
    ["user_id", { user_id: undefined }, "user_id"],
    ["user_id", { user_id: "" }, "user_id"],
    ["user_id", { user_id: 7 }, "user_id"],
    ["device_id", { device_id: undefined }, "device_id"],
    ["timestamp", { timestamp: undefined }, "timestamp"],
    ["timestamp", { timestamp: "yesterday" }, "timestamp"],
    ["timestamp", { timestamp: "2026-13-01T00:00:00" }, "timestamp"],
    ["timestamp", { timestamp: 1_790_000_000 }, "timestamp"],
    ["cursor", { cursor: "nonsense" }, "cursor"],
    ["conversation_id", { conversation_id: "two words" }, "conversation_id"],
    ["stream", { stream: "yes" }, "stream"],
  ])("[CON2] with a wrong %s is refused by name, and may be said again", async (_, wrong, field) => {
    const client = await node().open()
    const user = fresh("ann")
    const refused = await client.hello(user, "phone", wrong)
    expect(refused).toMatchObject({ type: "error", code: "invalid_field", field })
    expect(await client.hello(user, "phone")).toMatchObject({ type: "system" })
  })

  test("names an agent that is served, or is refused", async () => {
    const client = await node().open()
    const refused = await client.hello("ann", "phone", { agent: "nobody" })
    expect(refused).toMatchObject({ type: "error", code: "not_found", field: "agent" })
    expect(await client.hello("ann", "phone", { agent: "scribe" })).toMatchObject({ type: "system" })
  })

  test("is wanted before anything else, and once", async () => {
    const client = await node().open()
    for (const frame of [
      { type: "text", content: "hi" },
      { type: "heartbeat" },
      { type: "command", command: "status" },
    ]) {
      client.send(frame)
      expect(await client.next()).toMatchObject({ type: "error", code: "hello_required" })
    }
    expect(await client.hello(fresh("ann"), "phone")).toMatchObject({ type: "system" })
    expect(await client.hello("bob", "phone")).toMatchObject({ type: "error", code: "hello_repeated" })
    expect(await client.settled()).toEqual([])
  })

  test("creates the conversation it names, and whoever named it owns it; others who name it become members", async () => {
    const conversation_id = fresh("room")
    const owner = await node().connect("ann", "phone", { conversation_id })
    expect(owner.greeting).toMatchObject({ conversation_id, message_count: 0 })
    const other = await node().connect("bob", "phone", { conversation_id })
    expect(await other.command("members")).toMatchObject({
      conversation_id,
      members: [
        { user_id: "ann", role: "owner", devices: ["phone"] },
        { user_id: "bob", role: "member", devices: ["phone"] },
      ],
    })
  })

  test("[AUT3] does not open somebody else's own conversation", async () => {
    const client = await node().open()
    const refused = await client.hello("bob", "phone", { conversation_id: "~nobody-yet" })
    expect(refused).toMatchObject({ type: "error", code: "forbidden", field: "conversation_id" })
  })
})

describe("a probe", () => {
  const node = simpleNode({ websocket: { connectionsPerUserMax: 1 } })

  test("is answered, and makes no session", async () => {
    const client = await node().open()
    client.send({ type: "health_check" })
    const timestamp = expect.any(String)
    expect(await client.next()).toEqual({ type: "system", status: "ok", server_id: "node-1", timestamp })
    client.send({ type: "heartbeat" })
    expect(await client.next()).toMatchObject({ type: "error", code: "hello_required" })
    expect((await node().connect("ann", "phone")).greeting).toMatchObject({ recovered: false })
  })

  test("[CON2] without a time is refused", async () => {
    const client = await node().open()
    client.send('{"type":"health_check"}')
    expect(await client.next()).toMatchObject({ type: "error", field: "timestamp" })
  })

  test("more connections of one user than allowed are refused", async () => {
    await node().connect("eve", "phone")
    const client = await node().open()
    expect(await client.hello("eve", "laptop")).toMatchObject({ type: "error", code: "limit_reached" })
    expect(await client.closed).toBe(4429)
  })
})

describe("the session", () => {
  const node = simpleNode({ websocket: { sessionTtlMs } })

  test("[SIM2] is the same within its time, and the client is told that it recovered", async () => {
    const user = fresh("ann")
    const first = await node().connect(user, "phone")
    await first.close()
    node().clock.skip(sessionTtlMs - 10_000)
    const second = await node().connect(user, "phone")
    expect(second.greeting).toMatchObject({ session_id: first.greeting["session_id"], recovered: true })
    const { last_active, timestamp } = second.greeting
    expect(Date.parse(String(last_active))).toBeLessThan(Date.parse(String(timestamp)))
  })

  test("[SIM2] is a new one after its time", async () => {
    const user = fresh("ann")
    const first = await node().connect(user, "phone")
    await first.close()
    node().clock.skip(sessionTtlMs + 10_000)
    const second = await node().connect(user, "phone")
    expect(second.greeting).toMatchObject({ recovered: false })
    expect(second.greeting["session_id"]).not.toBe(first.greeting["session_id"])
  })

  test("[SIM2] belongs to the device: another one of the user has its own", async () => {
    const user = fresh("ann")
    const phone = await node().connect(user, "phone")
    const laptop = await node().connect(user, "laptop")
    expect(laptop.greeting).toMatchObject({ recovered: false })
    expect(laptop.greeting["session_id"]).not.toBe(phone.greeting["session_id"])
  })

  test("[SIM2] is shared by two connections of one device, and lives until after the last has gone", async () => {
    const user = fresh("ann")
    const first = await node().connect(user, "phone")
    const second = await node().connect(user, "phone")
    expect(second.greeting).toMatchObject({ session_id: first.greeting["session_id"], recovered: true })
    await first.close()
    node().clock.skip(sessionTtlMs - 10_000)
    await second.close()
    node().clock.skip(sessionTtlMs - 10_000)
    expect((await node().connect(user, "phone")).greeting).toMatchObject({ recovered: true })
  })
})

describe("a short session", () => {
  const node = simpleNode({ websocket: { sessionTtlMs: 60, heartbeatIntervalMs: 600_000 } })

  test("[SIM2] does not end under an open connection", async () => {
    const user = fresh("ann")
    const first = await node().connect(user, "phone")
    const { touch } = node().engine.sessions
    let touches = 0
    const twice = new Promise<void>((resolve) => {
      node().engine.sessions.touch = (...args) => {
        if (++touches === 6) resolve()
        return touch(...args)
      }
    })
    await twice
    const second = await node().connect(user, "phone")
    expect(second.greeting).toMatchObject({ session_id: first.greeting["session_id"], recovered: true })
  })
})

describe("with authentication", () => {
  const secret = "a secret that is long enough for HS256"
  const node = simpleNode({ secret })

  test("[AUT1] a token of the user is taken", async () => {
    const client = await node().open()
    expect(await client.hello("ann", "phone", { token: await node().token("ann") })).toMatchObject({ type: "system" })
  })

  test.each([
    ["no token", async () => ({})],
    ["a broken token", async () => ({ token: "a.b.c" })],
    ["another user's token", async () => ({ token: await node().token("bob") })],
    ["an expired token", async () => ({ token: await node().token("ann", -60_000) })],
  ])("[AUT1] %s is an error, then 4401", async (_, more) => {
    const client = await node().open()
    expect(await client.hello("ann", "phone", await more())).toMatchObject({ type: "error", code: "unauthorized" })
    expect(await client.closed).toBe(4401)
  })

  test("[AUT2] a token that expires is an error, then 4401", async () => {
    const client = await node().open()
    await client.hello("ann", "phone", { token: await node().token("ann", 1_000) })
    expect(await client.next("error")).toMatchObject({ code: "unauthorized" })
    expect(await client.closed).toBe(4401)
  })

  test("[CON5] whoever is no member is refused, and may enter another conversation on the same connection", async () => {
    const conversation_id = fresh("room")
    const owner = await node().open()
    await owner.hello("ann", "phone", { conversation_id, token: await node().token("ann") })
    const stranger = await node().open()
    const token = await node().token("bob")
    const refused = await stranger.hello("bob", "phone", { conversation_id, token })
    expect(refused).toMatchObject({ type: "error", code: "not_member", field: "conversation_id" })
    expect(await stranger.hello("bob", "phone", { token })).toMatchObject({ type: "system", conversation_id: "~bob" })
    expect(await stranger.command("join", { conversation_id })).toMatchObject({ type: "error", code: "not_member" })
    expect(await stranger.text("let me in", "m1", { conversation_id })).toMatchObject({
      type: "error",
      code: "not_member",
      field: "conversation_id",
      message_id: "m1",
    })
    expect(await stranger.text("to myself", "m2")).toMatchObject({ type: "ack" })
  })
})
