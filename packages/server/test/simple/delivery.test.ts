/** What a device gets when it comes back: what it has not received, in order, and nothing of its own. */

import { settled } from "../../../../test/support/manual-clock.ts"
import type { SimpleClient } from "./support/simple-client.ts"
import { contents, type Frame } from "./support/simple-client.ts"
import { fresh, simpleNode } from "./support/simple-node.ts"

const sessionTtlMs = 300_000
const node = simpleNode({ websocket: { sessionTtlMs } })

/** A writer, and a reader that answers pings only when the test says so. */
async function room(): Promise<{ conversation_id: string; ann: SimpleClient; bob: SimpleClient }> {
  const conversation_id = fresh("room")
  const ann = await node().connect("ann", "phone", { conversation_id })
  const bob = await node().open({ pongs: false })
  await bob.hello("bob", "phone", { conversation_id })
  return { conversation_id, ann, bob }
}

/** What the device is given on coming back, up to a text that is written then. */
async function onReturn(conversation_id: string, ann: SimpleClient, hello: object = {}): Promise<Frame[]> {
  const bob = await node().connect("bob", "phone", { conversation_id, ...hello })
  const end = fresh("end")
  await ann.text(end, end)
  return bob.upTo((frame) => frame["content"] === end)
}

/** Resolves when the store was told that bob has received this. */
function stored(conversation: string, cursor: unknown): Promise<void> {
  const { sessions } = node().engine
  const { touch } = sessions
  return new Promise((resolve) => {
    sessions.touch = async (...args) => {
      await touch(...args)
      const [user, , , , received] = args
      if (user === "bob" && received.get(conversation) === cursor) resolve()
    }
  })
}

describe("pongs", () => {
  test("[SIM3] what was ponged does not come again, what was not comes again under the same names, in order", async () => {
    const { conversation_id, ann, bob } = await room()
    await ann.text("one", "m1")
    await bob.next("text")
    await bob.pong()
    await ann.text("two", "m2")
    await ann.text("three", "m3")
    const shown = [await bob.next("text"), await bob.next("text")]
    await bob.close()
    await ann.text("four", "m4")
    const again = await onReturn(conversation_id, ann)
    expect(again.slice(0, 2)).toEqual(shown)
    expect(contents(again)).toEqual(["two", "three", "four"])
  })

  test("[SIM3] a device that answered its pings gets nothing twice, also when the goodbye was never heard", async () => {
    const { conversation_id, ann, bob } = await room()
    await ann.text("one", "m1")
    const { cursor } = await bob.next("text")
    const isStored = stored(conversation_id, cursor)
    await bob.pong()
    await isStored
    // The old connection still stands: as after a change of networks.
    expect(contents(await onReturn(conversation_id, ann))).toEqual([])
  })

  test("[SIM3] the pong of an old ping confirms nothing newer", async () => {
    const { conversation_id, ann, bob } = await room()
    await ann.text("one", "m1")
    await bob.next("text")
    const ping = await bob.ping()
    await ann.text("two", "m2")
    await bob.next("text")
    bob.socket.pong(ping)
    bob.socket.pong(ping)
    bob.socket.pong("99")
    await bob.settled()
    await bob.close()
    expect(contents(await onReturn(conversation_id, ann))).toEqual(["two"])
  })

  test("[SIM3] a device that comes back after its session gets what it missed, in a new session", async () => {
    const { conversation_id, ann, bob } = await room()
    await ann.text("one", "m1")
    await bob.next("text")
    await bob.pong()
    await bob.close()
    await ann.text("two", "m2")
    node().clock.skip(sessionTtlMs * 300)
    const back = await node().connect("bob", "phone", { conversation_id })
    expect(back.greeting).toMatchObject({ recovered: false, message_count: 2 })
    expect(await back.next()).toMatchObject({ type: "text", content: "two" })
  })

  test("[SIM3] a device's place in one conversation is not moved by its connection in another", async () => {
    const first = await room()
    const second = await room()
    await first.ann.text("one", "m1")
    await first.bob.next("text")
    // A second connection of the device, which knows the first conversation's place as it was before.
    const other = await node().open({ pongs: false })
    await other.hello("bob", "phone", { conversation_id: second.conversation_id })
    await first.bob.pong()
    await second.ann.text("elsewhere", "m1")
    await other.next("text")
    await other.pong()
    await first.bob.close()
    await other.close()
    expect(contents(await onReturn(first.conversation_id, first.ann))).toEqual([])
  })
})

describe("the client's own cursor", () => {
  test("[SIM3] is honoured: what came after it comes again, whatever the pongs said", async () => {
    const { conversation_id, ann, bob } = await room()
    for (const each of ["one", "two", "three"]) await ann.text(each, each)
    const one = await bob.next("text")
    await bob.next((frame) => frame["content"] === "three")
    await bob.pong()
    await bob.close()
    const back = await node().connect("bob", "phone", { conversation_id, cursor: one["cursor"] })
    expect(back.greeting["cursor"]).toBe(one["cursor"])
    expect([await back.next(), await back.next()].map((frame) => frame["content"])).toEqual(["two", "three"])
  })

  test("[LIN1] beyond the head, or of another history, brings everything again under the same names", async () => {
    const { conversation_id, ann, bob } = await room()
    await ann.text("one", "m1")
    await ann.text("two", "m2")
    const shown = [await bob.next("text"), await bob.next("text")]
    for (const cursor of ["99-elsewhere1", `${shown[1]?.["seq"]}-elsewhere1`]) {
      const again = await onReturn(conversation_id, ann, { cursor })
      expect(again.slice(0, 2)).toEqual(shown)
    }
  })

  test("[SIM3] of the greeting loses nothing", async () => {
    const { conversation_id, ann, bob } = await room()
    await ann.text("one", "m1")
    await bob.next("text")
    const back = await node().connect("bob", "phone", { conversation_id })
    const again = await onReturn(conversation_id, ann, { cursor: back.greeting["cursor"] })
    expect(contents(again)).toContain("one")
  })

  test("[SIM3] of an ack loses nothing: it comes behind the past, although the text was stored while that still came", async () => {
    const { conversation_id, ann } = await room()
    const first = await ann.text("first", "first")
    for (let each = 0; each < 600; each++) ann.send({ type: "text", content: `${each}`, message_id: `p${each}` })
    await ann.next((frame) => frame["message_id"] === "p599")
    // Another node, which has to read the past: and does so when it has stored the text.
    const other = await node().again()
    const restore = readAfterAppend(first["cursor"])
    const bob = await other.open()
    bob.send({ user_id: "bob", device_id: "tablet", conversation_id, cursor: first["cursor"] })
    bob.send({ type: "text", content: "mine", message_id: "own" })
    expect(contents(await bob.upTo("ack"))).toHaveLength(600)
    restore()
    const ack = bob.frames.findLast(({ type }) => type === "ack")
    expect(ack).toMatchObject({ message_id: "own", duplicate: false })
    await ann.text("after", "after")
    const back = await other.connect("bob", "tablet", { conversation_id, cursor: ack?.["cursor"] })
    expect(await back.next("text")).toMatchObject({ content: "after" })
    await other.stop()
  })
})

/** Holds back whoever reads from this cursor until something was appended and answered. @returns ends it. */
function readAfterAppend(cursor: unknown): () => void {
  const { log } = node().engine
  const { read, append } = log
  let answered: () => void = () => undefined
  const isAnswered = new Promise<void>((resolve) => {
    answered = resolve
  })
  log.read = async (conversation, after, entriesMax) => {
    if (after === cursor) await isAnswered
    return read(conversation, after, entriesMax)
  }
  log.append = async (request) => {
    const result = await append(request)
    void settled().then(answered)
    return result
  }
  return () => void Object.assign(log, { read, append })
}

describe("own messages", () => {
  test("[SIM4] under a name never come back: not live, not on coming back, not to another connection of the device", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    const twin = await node().connect("ann", "phone", { conversation_id })
    const laptop = await node().connect("ann", "laptop", { conversation_id })
    await ann.text("one", "m1")
    expect(await laptop.next("text")).toMatchObject({ content: "one" })
    await laptop.text("between", "m2")
    await ann.text("two", "m3")
    expect(await laptop.next("text")).toMatchObject({ content: "two" })
    expect(contents(ann.frames)).toEqual(["between"])
    expect(await twin.next("text")).toMatchObject({ content: "between" })
    for (const client of [ann, twin]) expect(contents(await client.settled())).toEqual([])
    const back = await node().connect("ann", "phone", { conversation_id, cursor: "0-0" })
    expect(await back.next("text")).toMatchObject({ content: "between" })
    await laptop.text("last", "m4")
    expect(await back.upTo((frame) => frame["content"] === "last")).toEqual([])
  })

  test("[ACK3] a text repeated on coming back gets its ack in its place among what was missed", async () => {
    const conversation_id = fresh("room")
    const ann = await node().connect("ann", "phone", { conversation_id })
    const bob = await node().connect("bob", "phone", { conversation_id })
    await bob.text("one", "b1")
    const first = await ann.text("mine", "m1")
    await bob.text("two", "b2")
    const back = await node().open()
    back.send({ user_id: "ann", device_id: "phone", conversation_id, cursor: "0-0" })
    back.send({ type: "text", content: "mine", message_id: "m1" })
    expect(contents(await back.upTo("ack"))).toContain("one")
    expect(back.frames.findLast(({ type }) => type === "ack")).toEqual({ ...first, duplicate: true })
  })

  test("without a name come again until they were received, like anything else", async () => {
    const conversation_id = fresh("room")
    const ann = await node().open({ pongs: false })
    await ann.hello("ann", "phone", { conversation_id })
    ann.send({ type: "text", content: "unnamed" })
    const stored = await ann.next("text")
    await ann.close()
    const back = await node().connect("ann", "phone", { conversation_id })
    expect(await back.next()).toEqual(stored)
  })
})
