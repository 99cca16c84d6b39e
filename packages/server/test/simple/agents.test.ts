/** What an agent says, for clients that want it finished and for those that want it as it comes. */
import { Assembly } from "./support/assembly.ts"
import { contents, type Frame, type SimpleClient, texts } from "./support/simple-client.ts"
import { fresh, simpleNode } from "./support/simple-node.ts"
import { SimulatedRun } from "./support/simulated-agent.ts"

const node = simpleNode()

interface Scene {
  readonly conversation_id: string
  readonly plain: SimpleClient
  readonly stream: SimpleClient
  readonly run: SimulatedRun
}

/** Somebody has asked, an agent has begun, and two others listen: one to texts, one to the stream. */
async function scene(): Promise<Scene> {
  const conversation_id = fresh("room")
  const ann = await node().connect("ann", "phone", { conversation_id, agent: "scribe" })
  const plain = await node().connect("bob", "phone", { conversation_id })
  const stream = await node().connect("bob", "laptop", { conversation_id, stream: true })
  await ann.text("tell me", fresh("q"))
  for (const client of [plain, stream]) await client.next("text")
  return { conversation_id, plain, stream, run: await SimulatedRun.claim(node().engine, conversation_id) }
}

const isOf = (type: string, id: string) => (frame: Frame) => frame.type === type && frame["message_id"] === id

describe("a finished answer", () => {
  test("is one text frame, whether the parts were shown before or not", async () => {
    const { conversation_id, plain, stream, run } = await scene()
    await run.answer("a1", "Once ", "upon ", "a time.")
    await run.end()
    const text = await plain.next()
    expect(text).toEqual({
      type: "text",
      message_id: "a1",
      conversation_id,
      user_id: "scribe",
      device_id: "agent",
      role: "assistant",
      content: "Once upon a time.",
      seq: expect.any(Number),
      cursor: expect.any(String),
      timestamp: expect.any(String),
    })
    expect(await stream.next("text")).toEqual(text)
    expect(await plain.settled()).toEqual([])
  })

  test("goes to those who name no agent only if somebody asked one", async () => {
    const conversation_id = fresh("room")
    const bob = await node().connect("bob", "phone", { conversation_id })
    await node().connect("ann", "phone", { conversation_id, agent: "scribe" })
    await bob.text("only between us", "m1")
    expect(await bob.command("status")).toMatchObject({ runs: [] })
  })

  test("[RUN4] of a stopped run is what it had said by then", async () => {
    const { plain, run } = await scene()
    await run.begin("a2")
    await run.say("a2", 0, "Half of")
    await run.end("stopped")
    expect(await plain.next()).toMatchObject({ type: "text", message_id: "a2", content: "Half of" })
  })

  test("[SIM4] that has no words is none: calls of tools show nothing", async () => {
    const { plain, stream, run } = await scene()
    await run.callTool("a3")
    await run.answer("a4", "It rains.")
    for (const client of [plain, stream]) {
      const before = await client.upTo("text")
      expect(before.filter(isOf("delta", "a3"))).toEqual([])
      expect(client.frames.at(-1)).toMatchObject({ message_id: "a4" })
    }
  })
})

describe("the stream", () => {
  test.each([
    ["letters", ["a", "bc", "def"]],
    ["Chinese", ["你", "好，世", "界"]],
    ["emoji", ["👋", "🏽 ok", "👨‍👩‍👧"]],
    ["half characters", ["so \ud83d", "\ude00 it", " \ud83d\udc4b\ud83c", "\udffd!"]],
  ])("of %s adds up to the text, and no part holds half a character", async (_, pieces) => {
    const { stream, run } = await scene()
    const id = fresh("s")
    await run.answer(id, ...pieces)
    const parts = await stream.upTo("text")
    const final = stream.frames.at(-1)
    const assembly = new Assembly()
    for (const part of parts) assembly.take(part)
    expect(assembly.get(id)).toBe(pieces.join(""))
    expect(final).toMatchObject({ message_id: id, content: pieces.join("") })
    for (const part of parts) expect(String(part["content"]).isWellFormed()).toBe(true)
  })

  test("[RUN3] takes back what an attempt had said when another one goes on", async () => {
    const { conversation_id, plain, stream, run } = await scene()
    await run.begin("t1")
    await run.say("t1", 0, "The first ")
    await stream.next("delta")
    const second = await SimulatedRun.claim(node().engine, conversation_id, 2)
    await second.rewind(2, "t1")
    await second.answer("t2", "The second ", "try.")
    await second.end()
    expect(await stream.next(isOf("rewind", "t1"))).toEqual({ type: "rewind", message_id: "t1", at: 0 })
    expect(await stream.next("text")).toMatchObject({ message_id: "t2", content: "The second try." })
    expect(contents(await plain.upTo("text"))).toEqual([])
    expect(texts(plain.frames).at(-1)).toMatchObject({ message_id: "t2", content: "The second try." })
    expect(plain.frames.filter(({ type }) => type === "rewind" || type === "delta")).toEqual([])
  })

  test("[SIM3] goes on where the device was when it comes back in the middle", async () => {
    const { conversation_id, stream, run } = await scene()
    const id = fresh("s")
    await run.begin(id)
    await run.say(id, 0, "one ")
    await stream.next("delta")
    const place = await confirmed(stream, conversation_id)
    await run.say(id, 4, "two ")
    const back = await node().connect("bob", "laptop", { conversation_id, stream: true, cursor: place })
    expect(await back.next("delta")).toEqual({ type: "delta", message_id: id, at: 4, content: "two " })
    await run.say(id, 8, "three")
    await run.finish(id, "one two three")
    expect(await back.next("delta")).toEqual({ type: "delta", message_id: id, at: 8, content: "three" })
    expect(await back.next("text")).toMatchObject({ content: "one two three" })
  })
})

/** The place of the newest entry: where a device is that has received everything. */
async function confirmed(client: SimpleClient, conversation: string): Promise<string> {
  await client.settled()
  return (await node().engine.log.head(conversation)) ?? ""
}
