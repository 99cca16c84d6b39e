/** The commands: enter, leave, look back, see who is there and what goes on, stop it. */
import { type Frame, texts } from "./support/simple-client.ts"
import { fresh, simpleNode } from "./support/simple-node.ts"
import { SimulatedRun } from "./support/simulated-agent.ts"

const node = simpleNode()
const timestamp = expect.any(String)

describe("join and leave", () => {
  test("several conversations on one connection, each with its own frames", async () => {
    const [first, second] = [fresh("room"), fresh("room")]
    const ann = await node().connect("ann", "phone", { conversation_id: first })
    const joined = await ann.command("join", { conversation_id: second })
    expect(joined).toEqual({
      type: "system",
      command: "join",
      conversation_id: second,
      created: true,
      message_count: 0,
      cursor: "0-0",
      timestamp,
    })
    const bob = await node().connect("bob", "phone", { conversation_id: first })
    await bob.command("join", { conversation_id: second })
    await ann.text("in the first", "m1")
    await ann.text("in the second", "m1", { conversation_id: second })
    const seen = [await bob.next("text"), await bob.next("text")]
    expect(seen.map((frame) => [frame["conversation_id"], frame["content"]])).toEqual([
      [first, "in the first"],
      [second, "in the second"],
    ])
  })

  test("[SIM3] joining delivers what is there, then what is new; joining twice changes nothing", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    await ann.text("before", "m1")
    const bob = await node().connect("bob", "phone")
    expect(await bob.command("join", { conversation_id })).toMatchObject({ created: false, message_count: 1 })
    expect(await bob.next("text")).toMatchObject({ content: "before" })
    expect(await bob.command("join", { conversation_id })).toMatchObject({ created: false, message_count: 1 })
    await ann.text("after", "m2")
    expect(await bob.next("text")).toMatchObject({ content: "after" })
    expect(await bob.settled()).toEqual([])
  })

  test("whoever left gets nothing, and on coming back what was missed, once", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    const bob = await node().connect("bob", "phone")
    await bob.command("join", { conversation_id })
    await ann.text("one", "m1")
    await bob.next("text")
    expect(await bob.command("leave", { conversation_id })).toEqual({
      type: "system",
      command: "leave",
      conversation_id,
      timestamp,
    })
    await ann.text("two", "m2")
    expect(await bob.settled()).toEqual([])
    await bob.command("join", { conversation_id })
    expect(await bob.next("text")).toMatchObject({ content: "two" })
    expect(texts(await bob.settled())).toEqual([])
  })

  test("leaving what was not joined is an error", async () => {
    const ann = await node().connect("ann", "phone")
    const error = await ann.command("leave", { conversation_id: "elsewhere" })
    expect(error).toMatchObject({ type: "error", code: "not_subscribed", field: "conversation_id" })
  })
})

describe("history", () => {
  const page = async (client: { command: (name: string, more: object) => Promise<Frame> }, more: object) =>
    (await client.command("history", more)) as Frame & { messages: Frame[]; more: boolean }

  test("has the newest texts, oldest first, and pages back to the first", async () => {
    const ann = await node().connect(fresh("ann"), "phone")
    for (let each = 1; each <= 7; each++) await ann.text(`text ${each}`, `m${each}`)
    const newest = await page(ann, { limit: 3 })
    expect(newest).toMatchObject({ type: "system", command: "history", more: true })
    expect(newest.messages.map((text) => text["content"])).toEqual(["text 5", "text 6", "text 7"])
    expect(newest.messages[0]).toMatchObject({ type: "text", message_id: "m5", role: "user", device_id: "phone" })
    const middle = await page(ann, { limit: 3, before: newest.messages[0]?.["seq"] })
    expect(middle.messages.map((text) => text["message_id"])).toEqual(["m2", "m3", "m4"])
    const last = await page(ann, { limit: 3, before: middle.messages[0]?.["seq"] })
    expect(last).toMatchObject({ messages: [{ message_id: "m1" }], more: false })
    expect(await page(ann, { before: 0 })).toMatchObject({ messages: [], more: false })
  })

  test("pages by the seq that texts carry, also where an answer took longer than what was said meanwhile", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id, agent: "scribe" })
    await ann.text("tell me", "m1")
    const run = await SimulatedRun.claim(node().engine, conversation_id)
    await run.begin("a1")
    const bob = await node().connect("bob", "phone", { conversation_id })
    await bob.text("meanwhile", "m2")
    await run.say("a1", 0, "a tale")
    await run.finish("a1", "a tale")
    const seen: unknown[] = []
    for (let before: unknown, more = true; more; ) {
      const { messages, more: others } = await page(ann, { limit: 1, ...(before === undefined ? {} : { before }) })
      seen.unshift(...messages.map((text) => text["content"]))
      before = messages[0]?.["seq"]
      more = others
    }
    expect(seen).toEqual(["tell me", "meanwhile", "a tale"])
  })
})

describe("what goes on", () => {
  test("members tells who belongs here, and their devices", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    expect(await ann.command("members")).toEqual({
      type: "system",
      command: "members",
      conversation_id,
      members: [{ user_id: "ann", role: "owner", devices: ["phone"] }],
      timestamp,
    })
  })

  test("status tells the node, its connections and the conversation's runs; stop stops them", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id, agent: "scribe" })
    expect(await ann.command("stop")).toMatchObject({ type: "error", code: "not_found" })
    await ann.text("go", "m1")
    const queued = await ann.command("status")
    expect(queued).toEqual({
      type: "system",
      command: "status",
      conversation_id,
      server_id: "node-1",
      connections: expect.any(Number),
      message_count: 1,
      runs: [{ run_id: expect.any(String), server_id: null, attempt: 0, status: "queued" }],
      timestamp,
    })
    const run = await SimulatedRun.claim(node().engine, conversation_id)
    expect(await ann.command("status")).toMatchObject({
      runs: [{ run_id: run.run, server_id: "node-1", attempt: 1, status: "running" }],
    })
    expect(await ann.command("stop")).toMatchObject({ type: "system", command: "stop", seq: expect.any(Number) })
    await run.end("stopped")
    expect(await ann.command("stop")).toMatchObject({ type: "error", code: "not_found" })
  })

  test("[SIM4] nobody is told who comes, goes, types or becomes a member", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    const bob = await node().connect("bob", "phone", { conversation_id })
    await node().engine.log.publish(conversation_id, '{"type":"typing","by":{"user":"bob","device":"phone"},"on":true}')
    await bob.command("members")
    await bob.close()
    const eve = await node().connect("eve", "phone", { conversation_id })
    await eve.text("the first thing that ann hears", "m1")
    expect(await ann.upTo("text")).toEqual([])
  })

  test("[CON5] whoever is removed is told once, gets nothing more, and keeps the connection", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    const bob = await node().connect("bob", "phone", { conversation_id })
    const by = { user: "ann", device: "phone" }
    await node().engine.log.append({
      conversation: conversation_id,
      nonce: "removal1",
      bodies: [JSON.stringify({ type: "member.removed", time: 0, by, user: "bob" })],
      members: [{ user: "bob", role: null }],
    })
    expect(await bob.next()).toMatchObject({ type: "error", code: "not_member", field: "conversation_id" })
    await ann.text("among us", "m1")
    expect(await bob.settled()).toEqual([])
    expect(await bob.text("hello?", "m1")).toMatchObject({ type: "error", code: "not_member" })
  })
})
