/** Writes on their way to the log. */

import { settled } from "../../../test/support/manual-clock.ts"
import { seededRandom } from "../../../test/support/seeded-random.ts"
import { ClientClosed, clientLimits, memoryOutboxStore, OutboxFull, RequestError } from "../src/index.ts"
import { stored } from "./support/frames.ts"
import { newWorld, openWorld, type World } from "./support/world.ts"

async function reconnect({ client, sockets }: World): Promise<void> {
  sockets.newest.end(1006)
  client.wake()
  await settled()
  sockets.newest.welcome()
  await settled()
}

describe("the outbox", () => {
  test("[ACK3] sends a write again with the same key after every loss, and resolves once it is stored", async () => {
    const world = await openWorld()
    const done = world.client.conversation("c").send("hello")
    const { key } = world.sockets.newest.last("send")
    await reconnect(world)
    expect(world.sockets.newest.last("send").key).toBe(key)
    await reconnect(world)
    world.sockets.newest.answer("send", { ...stored(4), duplicate: true })
    expect(await done).toMatchObject({ seq: 4, duplicate: true })
    await reconnect(world)
    expect(world.sockets.newest.ofType("send")).toHaveLength(0)
  })

  test("[ACK3] takes a key of the program's own: sent twice under it, it is one write, and both are told", async () => {
    const world = await openWorld()
    const c = world.client.conversation("c")
    const both = [c.send("hello", { key: "mine" }), c.send("hello", { key: "mine" })]
    expect(world.sockets.newest.ofType("send")).toMatchObject([{ key: "mine", text: "hello" }])
    expect(c.snapshot().pending).toHaveLength(1)
    world.sockets.newest.answer("send", stored(4))
    expect(await Promise.all(both)).toMatchObject([{ seq: 4 }, { seq: 4 }])
    void c.send("hello", { key: "mine" })
    expect(world.sockets.newest.ofType("send")).toHaveLength(2)
  })

  test("[ACK3] a program's own key is its conversation's: in two conversations it is two writes", async () => {
    const { client, sockets } = await openWorld()
    const both = ["c", "d"].map((id) => client.conversation(id).send(`to ${id}`, { key: "mine" }))
    const frames = sockets.newest.ofType("send")
    expect(frames.map(({ text }) => text)).toEqual(["to c", "to d"])
    for (const [index, { id }] of frames.entries()) {
      sockets.newest.receive({ type: "ok", id, result: stored(4 + index) })
    }
    expect(await Promise.all(both)).toMatchObject([{ seq: 4 }, { seq: 5 }])
  })

  test("[ACK3] what it keeps under one key for two conversations outlives the program, both of it", async () => {
    const store = memoryOutboxStore()
    const [first, second] = ["c", "d"].map(
      (conversation) => ({ type: "send", conversation, key: "mine", text: "hi" }) as const,
    )
    for (const frame of [first, second]) if (frame) await store.put(frame)
    if (first) await store.remove(first)
    expect(await store.load()).toEqual([second])
  })

  test("keeps what is written before there is a connection", async () => {
    const { client, sockets } = await newWorld()
    void client
      .conversation("c")
      .send("early")
      .catch(() => {})
    sockets.newest.welcome()
    expect(sockets.newest.last("send")["text"]).toBe("early")
  })

  test("writes of one conversation keep their order: the next goes out after the ack of the one before", async () => {
    const { client, sockets } = await openWorld()
    const c = client.conversation("c")
    void c.send("one")
    void c.send("two")
    void client.conversation("d").send("elsewhere")
    expect(sockets.newest.ofType("send").map(({ text }) => text)).toEqual(["one", "elsewhere"])
    const [one] = sockets.newest.ofType("send")
    sockets.newest.receive({ type: "ok", id: one?.id, result: stored(3) })
    await settled()
    expect(sockets.newest.last("send")["text"]).toBe("two")
  })

  test("a stop does not stand behind a message that is held up", async () => {
    const { client, sockets } = await openWorld()
    const c = client.conversation("c")
    void c.send("slow").catch(() => {})
    void c.stop()
    expect(sockets.newest.ofType("stop")).toHaveLength(1)
  })

  test("[ERR1] a retryable refusal is repeated with the same key, no earlier than the server asked for", async () => {
    const { client, clock, sockets } = await openWorld()
    const done = client.conversation("c").send("hello")
    const { key } = sockets.newest.last("send")
    const error = { code: "rate_limited", message: "slow down", retryAfterMs: 4_000, retryable: true }
    sockets.newest.refuse("send", error)
    await clock.advance(3_999)
    expect(sockets.newest.ofType("send")).toHaveLength(1)
    await clock.advance(1_001)
    expect(sockets.newest.ofType("send")).toHaveLength(2)
    expect(sockets.newest.last("send").key).toBe(key)
    sockets.newest.answer("send", stored(3))
    expect(await done).toMatchObject({ seq: 3 })
  })

  test("[ERR1] a final refusal rejects, shows, and lets the next one pass; it can be retried or discarded", async () => {
    const { client, sockets } = await openWorld()
    const c = client.conversation("c")
    const done = c.send("bad")
    void c.send("good")
    sockets.newest.refuse("send", { code: "not_member", message: "no", retryable: false })
    await expect(done).rejects.toBeInstanceOf(RequestError)
    const [failed] = c.snapshot().pending
    expect(failed).toMatchObject({ text: "bad", status: "failed", error: { code: "not_member" } })
    expect(sockets.newest.last("send")["text"]).toBe("good")
    sockets.newest.answer("send", stored(3))
    await settled()
    c.retry(String(failed?.key))
    expect(sockets.newest.last("send")).toMatchObject({ text: "bad", key: failed?.key })
    sockets.newest.refuse("send", { code: "not_member", message: "no", retryable: false })
    await settled()
    c.discard(String(failed?.key))
    expect(c.snapshot().pending.map(({ text }) => text)).toEqual(["good"])
  })

  test("is bounded, and says so", async () => {
    const { client } = await newWorld()
    const c = client.conversation("c")
    for (let i = 0; i < clientLimits.outboxEntriesMax; i++) c.send(`${i}`).catch(() => {})
    await expect(c.send("one too many")).rejects.toBeInstanceOf(OutboxFull)
  })

  test("refuses a frame that the server would hang up on", async () => {
    const { client, sockets } = await newWorld()
    sockets.newest.welcome({ limits: { frameBytesMax: 1_000, textCharsMax: 10_000 } })
    const sending = client.conversation("c").send("x".repeat(1_000))
    await expect(sending).rejects.toMatchObject({ error: { code: "frame_too_large", limit: 1_000 } })
    expect(sockets.newest.ofType("send")).toHaveLength(0)
  })

  test("a store brings back what an earlier life had not got through, before anything newer", async () => {
    const store = memoryOutboxStore()
    const first = await openWorld({ outbox: store })
    const lost = first.client.conversation("c").send("from before")
    const { key } = first.sockets.newest.last("send")
    first.client.close()
    await expect(lost).rejects.toBeInstanceOf(ClientClosed)
    const second = await openWorld({ outbox: store, random: seededRandom(2) })
    void second.client
      .conversation("c")
      .send("new")
      .catch(() => {})
    expect(second.sockets.newest.last("send")).toMatchObject({ text: "from before", key })
    second.sockets.newest.answer("send", stored(3))
    await settled()
    expect(await store.load()).toMatchObject([{ text: "new" }])
  })

  test("an answer that never comes is asked for again", async () => {
    const { client, clock, sockets } = await openWorld()
    void client
      .conversation("c")
      .send("hello")
      .catch(() => {})
    for (let passedMs = 0; passedMs <= clientLimits.requestDeadlineMs; passedMs += 5_000) {
      await clock.advance(5_000)
      sockets.newest.receive({ type: "typing", conversation: "x", by: { user: "b", device: "d" }, on: true })
    }
    const keys = sockets.newest.ofType("send").map(({ key }) => key)
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
  })
})
