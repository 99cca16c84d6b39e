/** Every frame that a client may send, and what it gets for those that are wrong. */
import { fresh, simpleNode } from "./support/simple-node.ts"

const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/)

describe("a text", () => {
  const node = simpleNode()

  test("[ACK1] under a name is acknowledged with its place, and everybody else sees it there under that name", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    const bob = await node().connect("bob", "phone", { conversation_id })
    const ack = await ann.text("你好 👋", "m-1")
    expect(ack).toEqual({
      type: "ack",
      message_id: "m-1",
      seq: 4,
      cursor: expect.stringMatching(/^4-\w+$/),
      duplicate: false,
    })
    expect(await bob.next("text")).toEqual({
      type: "text",
      message_id: "m-1",
      conversation_id,
      user_id: "ann",
      device_id: "phone",
      role: "user",
      content: "你好 👋",
      seq: ack["seq"],
      cursor: ack["cursor"],
      timestamp,
    })
  })

  test("without a name is answered by the stored text itself, and everybody else gets the same", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    const bob = await node().connect("bob", "phone", { conversation_id })
    ann.send({ type: "text", content: "hello" })
    const stored = await ann.next()
    expect(stored).toMatchObject({ type: "text", user_id: "ann", device_id: "phone", role: "user", content: "hello" })
    expect(await bob.next("text")).toEqual(stored)
    expect(await ann.settled()).toEqual([])
  })

  test("without a name, to a conversation that is not followed here, is answered the same way, once", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone")
    await ann.command("join", { conversation_id })
    await ann.command("leave", { conversation_id })
    ann.send({ type: "text", content: "from outside", conversation_id })
    const stored = await ann.next()
    expect(stored).toMatchObject({ type: "text", conversation_id, content: "from outside" })
    expect(stored["cursor"]).toMatch(new RegExp(`^${stored["seq"]}-`))
    expect(await ann.text("named", "m1", { conversation_id })).toMatchObject({ type: "ack", duplicate: false })
    expect(await ann.settled()).toEqual([])
  })

  test("[ACK3] that is repeated is one message: the ack names the first one's place", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    const bob = await node().connect("bob", "phone", { conversation_id })
    const first = await ann.text("once", "m1")
    await ann.text("another", "m2")
    expect(await ann.text("once", "m1")).toEqual({ ...first, duplicate: true })
    const again = await node().connect("ann", "phone", { conversation_id })
    expect(await again.text("once", "m1")).toEqual({ ...first, duplicate: true })
    await ann.text("last", "m3")
    const seen = await bob.upTo((frame) => frame["message_id"] === "m3")
    expect(seen.map((frame) => frame["content"])).toEqual(["once", "another"])
  })

  test("[ACK3] of the same name by another device is another message", async () => {
    const user = fresh("ann")
    const phone = await node().connect(user, "phone")
    const laptop = await node().connect(user, "laptop")
    expect(await phone.text("mine", "m1")).toMatchObject({ duplicate: false })
    expect(await laptop.text("mine too", "m1")).toMatchObject({ duplicate: false })
  })

  test("[ACK4] of the same name and other content is an error, and changes nothing", async () => {
    const ann = await node().connect(fresh("ann"), "phone")
    await ann.text("this", "m1")
    const error = await ann.text("that", "m1")
    expect(error).toMatchObject({ type: "error", code: "key_reused", field: "message_id", message_id: "m1" })
    expect(error["message"]).toContain('"m1"')
    expect(await ann.command("history")).toMatchObject({ messages: [{ content: "this" }] })
  })

  test("of a run's input is acknowledged at the message's own place", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id, agent: "scribe" })
    const bob = await node().connect("bob", "phone", { conversation_id })
    const ack = await ann.text("what is it?", "m1")
    const seen = await bob.next("text")
    expect([seen["seq"], seen["cursor"]]).toEqual([ack["seq"], ack["cursor"]])
    expect(await ann.text("what is it?", "m1")).toEqual({ ...ack, duplicate: true })
  })

  test("of 10,000 characters is taken", async () => {
    const ann = await node().connect(fresh("ann"), "phone")
    expect(await ann.text("字".repeat(10_000), "m1")).toMatchObject({ type: "ack" })
  })

  test.each([
    ["content", { content: undefined }],
    ["content", { content: "" }],
    ["content", { content: " \n\t" }],
    ["content", { content: "x".repeat(10_001) }],
    ["content", { content: 7 }],
    ["timestamp", { timestamp: undefined }],
    ["timestamp", { timestamp: "21.11.2026 05:20" }],
    ["message_id", { message_id: "" }],
    ["message_id", { message_id: 7 }],
    ["message_id", { message_id: "x".repeat(127) }],
    ["conversation_id", { conversation_id: "" }],
  ])("[CON2] with a wrong %s is an error that names it, and the connection goes on", async (field, wrong) => {
    const ann = await node().connect(fresh("ann"), "phone")
    ann.send({ type: "text", content: "fine", message_id: "m1", ...wrong })
    const error = await ann.next()
    expect(error).toMatchObject({ type: "error", code: "invalid_field", field, message: expect.any(String) })
    if (field !== "message_id") expect(error).toMatchObject({ message_id: "m1" })
    expect(await ann.text("fine", "m1")).toMatchObject({ type: "ack", duplicate: false })
  })
})

describe("other frames", () => {
  const node = simpleNode({ websocket: { frameBytesMax: 20_000 } })

  test("a heartbeat is answered", async () => {
    const ann = await node().connect("ann", "phone")
    ann.send({ type: "heartbeat" })
    expect(await ann.next()).toEqual({ type: "heartbeat", server_id: "node-1", timestamp })
  })

  test.each([
    ["no type", {}, "invalid_field", "type"],
    ["an unknown type", { type: "shout" }, "unknown_command", "type"],
    ["the server's own type", { type: "system" }, "unknown_command", "type"],
    ["a type that every object has", { type: "constructor" }, "unknown_command", "type"],
    ["no time", { type: "heartbeat", timestamp: undefined }, "invalid_field", "timestamp"],
    ["no command", { type: "command" }, "invalid_field", "command"],
    ["an unknown command", { type: "command", command: "dance" }, "invalid_field", "command"],
    ["join without a conversation", { type: "command", command: "join" }, "invalid_field", "conversation_id"],
    ["a limit of 0", { type: "command", command: "history", limit: 0 }, "invalid_field", "limit"],
    ["a limit of 201", { type: "command", command: "history", limit: 201 }, "invalid_field", "limit"],
    ["a half before", { type: "command", command: "history", before: 1.5 }, "invalid_field", "before"],
  ])("[CON2] %s is an error that names the field", async (_, frame, code, field) => {
    const ann = await node().connect("ann", "phone")
    ann.send(frame)
    expect(await ann.next()).toMatchObject({ type: "error", code, field, message: expect.any(String) })
    expect(await ann.settled()).toEqual([])
  })

  test.each(["{", "[1]", '"text"', "null"])("[CON2] %s is not a frame, and the connection goes on", async (text) => {
    const ann = await node().connect("ann", "phone")
    ann.send(text)
    expect(await ann.next()).toMatchObject({ type: "error", code: "bad_frame" })
    expect(await ann.settled()).toEqual([])
  })

  test("[CON2] a frame that is too large is an error, then 4413", async () => {
    const ann = await node().connect("ann", "phone")
    ann.send({ type: "text", content: "x".repeat(30_000) })
    expect(await ann.next()).toMatchObject({ type: "error", code: "frame_too_large" })
    expect(await ann.closed).toBe(4413)
  })
})

describe("limits", () => {
  const node = simpleNode({ sends: 2, changes: 2, websocket: { helloTimeoutMs: 50 } })

  test("too many texts are an error that says when to try again; a repeat of what is stored is not", async () => {
    const user = fresh("ann")
    const ann = await node().connect(user, "phone")
    await ann.text("one", "m1")
    await ann.text("two", "m2")
    const error = await ann.text("three", "m3")
    expect(error).toMatchObject({ type: "error", code: "rate_limited", message_id: "m3" })
    const retryAfter = Number(error["retry_after"])
    expect(retryAfter).toBeGreaterThanOrEqual(1)
    expect(Number.isInteger(retryAfter)).toBe(true)
    expect(await ann.text("two", "m2")).toMatchObject({ type: "ack", duplicate: true })
    const laptop = await node().connect(user, "laptop")
    expect(await laptop.text("from elsewhere", "m4")).toMatchObject({ code: "rate_limited" })
    node().clock.skip(retryAfter * 1_000)
    expect(await ann.text("three", "m3")).toMatchObject({ type: "ack", duplicate: false })
  })

  test("[NOD7] too many stops are an error that says when to try again, and texts still pass", async () => {
    const ann = await node().connect(fresh("ann"), "phone")
    expect(await ann.command("stop")).toMatchObject({ type: "error", code: "not_found" })
    expect(await ann.command("stop")).toMatchObject({ type: "error", code: "not_found" })
    expect(await ann.command("stop")).toMatchObject({ code: "rate_limited", retry_after: expect.any(Number) })
    expect(await ann.text("hello", "m1")).toMatchObject({ type: "ack" })
  })

  test("[CON1] whoever says no hello in time is told, and let go", async () => {
    const silent = await node().open()
    expect(await silent.next()).toMatchObject({ type: "error", code: "hello_timeout" })
    expect(await silent.closed).toBe(4408)
  })
})
