/** Coming back: from every cursor, from another history, after a trim, in the middle of everything, by many at once. */
import { pageMax } from "@everthread/engine"
import { emptyState, formatCursor, reduceAll } from "@everthread/protocol"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import type { LocalLog } from "../support/local-log.ts"
import type { NativeClient } from "../support/native-client.ts"
import { ScriptedDevice } from "../support/scripted-device.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests({ websocket: { connectionsPerUserMax: 1_000 } })
let made = 0
const freshName = () => `resume-${++made}`

/** A conversation with so many messages, written by one device that follows it. */
async function talk(count: number): Promise<{ conversation: string; writer: NativeClient; log: LocalLog }> {
  const conversation = freshName()
  const writer = await current().connect({ user: "ada", device: "writer" })
  await writer.must({ type: "create", key: "k", conversation, members: ["bob"] })
  const log = await writer.follow(conversation)
  await say(writer, conversation, 0, count)
  await writer.until("its own messages", () => log.seq === 3 + count)
  return { conversation, writer, log }
}

async function say(writer: NativeClient, conversation: string, from: number, count: number): Promise<void> {
  const sends = Array.from({ length: count }, (_, at) =>
    writer.must({ type: "send", key: `m${from + at}`, conversation, text: `number ${from + at}` }),
  )
  await Promise.all(sends)
}

/** Appends without a socket: so that a history can be long without a test being. */
async function grow(conversation: string, count: number): Promise<void> {
  const { engine } = current()
  const by = { user: "ada", device: "writer" }
  for (let at = 0; at < count; at += 100) {
    const bodies = Array.from({ length: Math.min(100, count - at) }, (_, index) => {
      const name = `${at + index}`
      return JSON.stringify({ type: "message", time: 1, by, id: `g${name}`, key: `g${name}`, text: `grown ${name}` })
    })
    await engine.log.append({ conversation, nonce: `grown${String(at).padStart(6, "0")}`, bodies })
  }
}

const cursorsOf = (client: NativeClient, conversation: string) =>
  client.frames.flatMap((frame) =>
    frame.type === "events" && frame.conversation === conversation ? [frame.prev, frame.cursor] : [],
  )

describe("coming back on the native protocol", () => {
  test("[SUB2] [SUB3] [FRM2] [SNP1] from every cursor of a history a device comes to the same state", async () => {
    const { conversation, writer, log } = await talk(30)
    const cursors = [...new Set(cursorsOf(writer, conversation))]
    expect(cursors.length).toBeGreaterThan(20)
    const device = await current().connect({ user: "bob" })
    for (const cursor of cursors) {
      const held = device.log(conversation)
      const before = log.events.filter(({ seq }) => seq <= Number(cursor.split("-")[0]))
      Object.assign(held, { cursor, events: [], state: reduceAll(emptyState, before) })
      await device.follow(conversation, cursor)
      expect(held.state).toEqual(log.state)
      expect(held.faults).toEqual([])
    }
  })

  test.each([
    ["from the future", () => formatCursor(1_000_000, "abcdefgh")],
    ["with a made-up nonce", () => formatCursor(5, "madeUpNonce")],
    ["before the beginning of another history", () => "0-xyz"],
  ])("[LIN1] [SUB2] a cursor %s gets a snapshot with the reason diverged, and converges", async (_, cursor) => {
    const { conversation, log } = await talk(5)
    const device = await current().connect({ user: "bob" })
    const held = await device.follow(conversation, cursor())
    expect(held.snapshots).toEqual(["diverged"])
    expect(held.state).toEqual(log.state)
    expect(held.upToDates).toBe(1)
  })

  test("[LIN1] a cursor of another conversation is of another history", async () => {
    const [one, two] = [await talk(8), await talk(5)]
    const device = await current().connect({ user: "bob" })
    const held = await device.follow(two.conversation, one.log.cursor)
    expect(held.snapshots).toEqual(["diverged"])
    expect(held.state).toEqual(two.log.state)
  })

  test("[SUB2] [SNP2] [LOG8] what was trimmed comes as a snapshot and a tail, and can be paged back to the first message", async () => {
    const { conversation, log } = await talk(2)
    const early = log.cursor
    await grow(conversation, 3_000)
    // The server compacts by itself when it sees the log grow; a device sees that by where its replay begins.
    const writer = await current().connect({ user: "ada" })
    await writer.follow(conversation, early)
    await grow(conversation, 600)
    for (let trimmed = false; !trimmed; ) {
      await writer.must({ type: "send", key: `nudge${made++}`, conversation, text: "nudge" })
      trimmed = (await current().engine.log.read(conversation, early ?? "", pageMax)).status === "trimmed"
    }
    const device = await current().connect({ user: "bob" })
    const held = await device.follow(conversation, early)
    expect(held.snapshots).toEqual(["trimmed"])
    const whole = writer.log(conversation)
    await writer.until("all", () => whole.cursor === held.cursor)
    expect(held.state).toEqual(whole.state)
    const texts = await pageBack(device, conversation)
    expect(texts.slice(0, 4)).toEqual(["number 0", "number 1", "grown 0", "grown 1"])
    expect(texts).toHaveLength(held.state.messageCount)
  })

  test("[SUB4] fifty devices come back to a thousand events at once", async () => {
    const { conversation, log } = await talk(1)
    const start = log.cursor
    await grow(conversation, 1_000)
    const devices = await Promise.all(
      Array.from({ length: 50 }, (_, at) => current().connect({ user: at % 2 ? "ada" : "bob", device: `d${at}` })),
    )
    const logs = await Promise.all(devices.map((device) => device.follow(conversation, start)))
    for (const held of logs) {
      expect(held.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 5))
      expect(held.upToDates).toBe(1)
    }
  })

  test("[SUB4] devices that come and go in the middle of live traffic miss nothing and see nothing twice", async () => {
    const seed = 20_261_121
    const random = seededRandom(seed)
    const { conversation, writer, log } = await talk(1)
    const devices = Array.from({ length: 6 }, (_, at) => {
      const device = new ScriptedDevice(current, { user: "bob", device: `d${at}` })
      device.cursor = "0-0"
      return device
    })
    const rounds = 12
    for (let round = 0; round < rounds; round++) {
      const traffic = say(writer, conversation, 1 + round * 20, 20)
      await Promise.all(
        devices.map(async (device) => {
          const held = await device.comeBack(conversation)
          const target = held.seq + Math.floor(random.fraction() * 15)
          await device.until("some of it", () => held.seq >= Math.min(target, log.seq))
          await device.lose(conversation)
        }),
      )
      await traffic
    }
    const last = 4 + rounds * 20
    for (const device of devices) {
      const held = await device.comeBack(conversation)
      await device.until("the head", () => held.seq === last)
      await device.lose(conversation)
      expect([seed, device.faults]).toEqual([seed, []])
      expect(device.seqs).toEqual(Array.from({ length: last }, (_, at) => at + 1))
    }
  })

  test("[DLV3] a device that comes back to many long conversations at once is caught up, not let go", async () => {
    const conversations = Array.from({ length: 24 }, freshName)
    const writer = await current().connect({ user: "ada" })
    for (const conversation of conversations) {
      await writer.must({ type: "create", key: "k", conversation })
      const by = { user: "ada", device: "phone" }
      const body = (at: number) =>
        JSON.stringify({ type: "message", time: 1, by, id: `m${at}`, key: `m${at}`, text: "漢".repeat(9_000) })
      const bodies = Array.from({ length: 30 }, (_, at) => body(at))
      await current().engine.log.append({ conversation, nonce: "longWords", bodies })
    }
    // About 800 kB each: together five times what may wait for one connection.
    const logs = await Promise.all(conversations.map((conversation) => writer.follow(conversation, "0-0")))
    for (const log of logs) expect(log).toMatchObject({ seq: 32, upToDates: 1, faults: [] })
  })

  test("[SUB2] a snapshot that is larger than what may wait for a connection arrives", async () => {
    const conversation = freshName()
    const writer = await current().connect({ user: "ada" })
    await writer.must({ type: "create", key: "k", conversation })
    const by = { user: "ada", device: "phone" }
    for (let at = 0; at < 600; at += 20) {
      const body = (n: number) =>
        JSON.stringify({ type: "message", time: 1, by, id: `m${n}`, key: `m${n}`, text: "漢".repeat(10_000) })
      const bodies = Array.from({ length: 20 }, (_, index) => body(at + index))
      await current().engine.log.append({ conversation, nonce: `large${String(at).padStart(5, "0")}`, bodies })
    }
    await writer.follow(conversation, "1-nonsense")
    while (!(await current().engine.log.snapshot(conversation)))
      await writer.must({ type: "send", key: `nudge${made++}`, conversation, text: "nudge" })
    const device = await current().connect({ user: "ada", device: "tablet" })
    const held = await device.follow(conversation)
    expect(held.snapshots).toEqual(["fresh"])
    expect(JSON.stringify(held.state).length).toBeGreaterThan(1_900_000)
    expect(held.faults).toEqual([])
  })
})

async function pageBack(device: NativeClient, conversation: string): Promise<string[]> {
  const texts: string[] = []
  for (let before: number | undefined; ; ) {
    const page = await device.must({ type: "history", conversation, limit: 200, ...(before ? { before } : {}) })
    const messages = page["messages"] as { seq: number; text: string }[]
    texts.unshift(...messages.map(({ text }) => text))
    before = messages[0]?.seq
    if (!page["more"] || before === undefined) return texts
  }
}
