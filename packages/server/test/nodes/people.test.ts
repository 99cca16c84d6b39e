/** What holds for people on one node holds for people on two: membership, presence and limits. */
import type { TestNode } from "../support/start-node.ts"
import { twoNodes } from "./two-nodes.ts"

const secret = "a secret that is long enough for HS256, surely"
const closed = twoNodes({ secret })
const open = twoNodes({ rateLimit: { sends: 5, windowMs: 3_600_000 } })

let made = 0
const fresh = () => `room-${++made}`
const signedIn = async (node: TestNode, user: string, device = "phone") =>
  node.connect({ user, device, token: await node.token(user) })

/** Everything that a member may ask of a conversation. */
const commandsAbout = (message: string) => [
  { type: "subscribe" },
  { type: "history" },
  { type: "members" },
  { type: "member.add", key: "x1", user: "bob" },
  { type: "member.remove", key: "x2", user: "eve" },
  { type: "send", key: "x3", text: "let me in" },
  { type: "edit", key: "x4", message, text: "mine" },
  { type: "redact", key: "x5", message },
  { type: "react", key: "x6", message, reaction: "+", on: true },
  { type: "read", key: "x7", upTo: 1 },
  { type: "stop", key: "x8", run: "r" },
  { type: "respond", key: "x9", interrupt: "i", value: 1 },
]

describe("membership on two nodes", () => {
  test("[CON5] [NOD1] whoever is removed through one node gets nothing more on the other, and is refused everything there", async () => {
    const conversation = fresh()
    const { a, b } = closed()
    const [ada, bob, tablet, eve] = await Promise.all([
      signedIn(a, "ada"),
      signedIn(b, "bob"),
      signedIn(b, "bob", "tablet"),
      signedIn(b, "eve"),
    ])
    await ada.must({ type: "create", key: "k", conversation, members: ["bob", "eve"] })
    const logs = await Promise.all([ada, bob, tablet, eve].map((device) => device.follow(conversation)))
    const sent = await ada.must({ type: "send", key: "s1", conversation, text: "all of us" })
    await bob.until("the message", () => JSON.stringify(bob.frames).includes("all of us"))

    await ada.must({ type: "member.remove", key: "r", conversation, user: "bob" })
    // From the moment of the answer, whether or not the other node has heard of it.
    for (const command of commandsAbout(String(sent["ref"])))
      expect(await bob.refusal({ conversation, ...command }), command.type).toMatchObject({ code: "not_member" })
    bob.send({ type: "typing", conversation, on: true })

    for (const device of [bob, tablet])
      expect(await device.first("unsubscribed")).toMatchObject({ conversation, error: { code: "not_member" } })
    const after = await ada.must({ type: "send", key: "s2", conversation, text: "just us" })
    await eve.until("the message", () => eve.log(conversation).cursor === after["cursor"])
    expect(JSON.stringify([bob.frames, tablet.frames])).not.toContain("just us")
    expect(await bob.must({ type: "conversations" })).toEqual({ conversations: [] })
    expect(JSON.stringify(eve.frames)).not.toContain("typing")
    expect(logs.flatMap((log) => log.faults)).toEqual([])
  })

  test("[CON5] of many messages none that follows the removal reaches the removed, whatever else is under way", async () => {
    const conversation = fresh()
    const { a, b } = closed()
    const [ada, bob] = [await signedIn(a, "ada"), await signedIn(b, "bob")]
    await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
    await bob.follow(conversation)
    const send = (index: number) => ada.must({ type: "send", key: `s${index}`, conversation, text: `text ${index}` })
    const before = Array.from({ length: 20 }, (_, index) => send(index))
    const removed = ada.must({ type: "member.remove", key: "r", conversation, user: "bob" })
    const after = Array.from({ length: 20 }, (_, index) => send(20 + index))
    await Promise.all([...before, ...after])
    const end = Number((await removed)["seq"])
    await bob.first("unsubscribed")
    const seqs = bob.frames.flatMap((frame) => ("events" in frame ? frame.events.map(({ seq }) => seq) : []))
    expect(Math.max(...seqs)).toBeLessThanOrEqual(end)
  })
})

describe("lists of conversations on two nodes", () => {
  test("[CON8] [NOD1] whoever is added or removed is told so on every connection, and nobody else is", async () => {
    const conversation = fresh()
    const { a, b } = closed()
    const [ada, bob, tablet, eve] = await Promise.all([
      signedIn(a, "ada"),
      signedIn(b, "bob"),
      signedIn(a, "bob", "tablet"),
      signedIn(b, "eve"),
    ])
    const told = (device: typeof ada) => device.frames.filter((frame) => frame.type === "membership")
    const isTold = (device: typeof ada, count: number) =>
      device.until("a word of the list", () => told(device).length === count)
    await ada.must({ type: "create", key: "k", conversation })
    await isTold(ada, 1)
    await ada.must({ type: "member.add", key: "add", conversation, user: "bob" })
    await Promise.all([isTold(bob, 1), isTold(tablet, 1)])
    expect(await bob.must({ type: "conversations" })).toMatchObject({ conversations: [{ conversation }] })
    await ada.must({ type: "member.remove", key: "remove", conversation, user: "bob" })
    await Promise.all([isTold(bob, 2), isTold(tablet, 2)])
    await ada.must({ type: "member.add", key: "eve", conversation, user: "eve" })
    await isTold(eve, 1)
    for (const device of [ada, bob, tablet, eve])
      for (const frame of told(device)) expect(frame).toEqual({ type: "membership", conversation })
    expect(told(ada)).toHaveLength(1)
  })

  test("[CON8] [NOD1] a node that was out of touch has its devices ask", async () => {
    const { a, b, redis } = closed()
    const [ada, bob] = [await signedIn(a, "ada"), await signedIn(b, "bob")]
    await redis.command("CLIENT", "KILL", "TYPE", "pubsub")
    for (const device of [ada, bob]) expect(await device.first("membership")).toEqual({ type: "membership" })
  })
})

describe("presence on two nodes", () => {
  test("[NOD2] tells everybody when a device comes to either node, and when its last connection goes", async () => {
    const conversation = fresh()
    const { a, b } = open()
    const ada = await a.connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
    const log = await ada.follow(conversation)
    const seen = () =>
      log.ephemeral.flatMap((fact) => (fact.type === "presence" && fact.by.user === "bob" ? [fact.on] : []))
    const [here, there] = [await a.connect({ user: "bob" }), await b.connect({ user: "bob" })]
    await here.follow(conversation)
    await there.follow(conversation)
    await ada.until("bob is here", () => seen().length === 1)
    expect(await ada.must({ type: "members", conversation })).toMatchObject({
      members: [
        { user: "ada", devices: ["phone"] },
        { user: "bob", devices: ["phone"] },
      ],
    })
    await here.must({ type: "unsubscribe", conversation })
    there.cut()
    await ada.until("bob has gone", () => seen().length === 2)
    expect(seen()).toEqual([true, false])
  })

  test("[NOD2] tells what the engine says of devices that went with their node, and of those that are back", async () => {
    const conversation = fresh()
    const { a, b } = open()
    const ada = await a.connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
    const log = await ada.follow(conversation)
    const bob = await b.connect({ user: "bob" })
    await bob.follow(conversation)
    const seen = () =>
      log.ephemeral.flatMap((fact) => (fact.type === "presence" && fact.by.user === "bob" ? [fact.on] : []))
    await ada.until("bob is here", () => seen().length === 1)
    // As if another server had taken over that had never heard of them: each node tells it again, and the others with it.
    const { redis } = open()
    const keys = (await redis.command("KEYS", "*")) as string[]
    await redis.command("DEL", ...keys.filter((key) => /:[pie]:/.test(key)))
    await ada.until("bob is back", () => seen().at(-1) === true && seen().length > 1)
    bob.cut()
    await ada.until("bob has gone", () => seen().at(-1) === false)
  })
})

describe("presence where a node did not hear", () => {
  test("[NOD2] a node that was cut off from what is published tells its devices to ask who is here", async () => {
    const conversation = fresh()
    const { a, redis } = open()
    const ada = await a.connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
    const log = await ada.follow(conversation)
    await redis.command("CLIENT", "KILL", "TYPE", "pubsub")
    await ada.until("it is told", () => log.ephemeral.some(({ type }) => type === "unheard"))
  })
})

describe("limits on two nodes", () => {
  test("[NOD3] count a user's messages together", async () => {
    const conversation = fresh()
    const { a, b } = open()
    const devices = [await a.connect({ user: "zoe" }), await b.connect({ user: "zoe", device: "laptop" })]
    await devices[0]?.must({ type: "create", key: "k", conversation })
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        devices[index % 2]?.request({ type: "send", key: `s${index}`, conversation, text: `text ${index}` }),
      ),
    )
    const stored = replies.filter((reply) => reply?.type === "ok").length
    expect(stored).toBeGreaterThanOrEqual(5)
    // One more for the second node: it may have believed that there was plenty left.
    expect(stored).toBeLessThanOrEqual(6)
    const refused = replies.find((reply) => reply?.type === "error")
    expect(refused).toMatchObject({ error: { code: "rate_limited", retryAfterMs: expect.any(Number) } })
  })
})
