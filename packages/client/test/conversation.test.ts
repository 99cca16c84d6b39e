/** One conversation on one device: what is shown, and how it follows its log. */

import type { LogEvent } from "@everthread/protocol"
import { settled } from "../../../test/support/manual-clock.ts"
import { type Conversation, clientLimits, ReaderTooSlow, RequestError } from "../src/index.ts"
import { events, message, snapshot, stored, upToDate } from "./support/frames.ts"
import { liveScene, reconnect } from "./support/scene.ts"
import { openWorld } from "./support/world.ts"

const texts = (c: Conversation) => c.snapshot().messages.map(({ text }) => text)

describe("following", () => {
  test("[SUB3] is live when the server says that everything is here", async () => {
    const world = await openWorld()
    const c = world.client.conversation("c")
    expect(c.snapshot().status).toBe("catching-up")
    const socket = world.sockets.newest
    socket.answer("subscribe", { conversation: "c" })
    socket.receive(snapshot("fresh", "2-b", message(1, "one"), message(2, "two")))
    expect(c.snapshot().status).toBe("catching-up")
    socket.receive(upToDate("2-b"))
    expect(c.snapshot().status).toBe("live")
    expect(texts(c)).toEqual(["one", "two"])
  })

  test("[FRM1] applies what connects, ignores what it has, and asks again at a gap", async () => {
    const { c, sockets } = await liveScene()
    const socket = sockets.newest
    socket.receive(events("2-b", "3-c", message(3, "three")))
    socket.receive(events("2-b", "3-c", message(3, "three")))
    expect(texts(c)).toEqual(["one", "two", "three"])
    socket.receive(events("4-d", "5-e", message(5, "five")))
    expect(texts(c)).toEqual(["one", "two", "three"])
    expect(socket.ofType("subscribe")).toHaveLength(2)
    expect(socket.last("subscribe")["cursor"]).toBe("3-c")
    // Still of the older subscription: it is no reason to ask a third time.
    socket.receive(events("5-e", "6-f", message(6, "six")))
    expect(socket.ofType("subscribe")).toHaveLength(2)
    socket.answer("subscribe", { conversation: "c" })
    socket.receive(events("3-c", "6-f", message(4, "four"), message(5, "five"), message(6, "six")))
    socket.receive(upToDate("6-f"))
    expect(texts(c)).toEqual(["one", "two", "three", "four", "five", "six"])
    expect(c.snapshot().status).toBe("live")
  })

  test("a cursor of the same seq and another nonce is a gap, not a repeat", async () => {
    const { sockets } = await liveScene()
    sockets.newest.receive(events("1-a", "2-other", message(2, "another two")))
    expect(sockets.newest.ofType("subscribe")).toHaveLength(2)
  })

  test("a server that never sends what connects is asked ever more slowly", async () => {
    const { clock, sockets } = await liveScene()
    const socket = sockets.newest
    for (let i = 0; i < 50; i++) {
      socket.receive(events("8-h", "9-i", message(9, "nine")))
      socket.answer("subscribe", { conversation: "c" })
      await settled()
    }
    expect(socket.ofType("subscribe").length).toBeLessThanOrEqual(3)
    await clock.advance(clientLimits.backoffBaseMs)
    expect(socket.ofType("subscribe").length).toBeGreaterThanOrEqual(3)
  })

  test("[SUB2] goes on from its cursor after a loss, and says how it stands all the while", async () => {
    const scene = await liveScene()
    const { c, client, sockets } = scene
    const seen: string[] = []
    c.subscribe(() => {
      const { status } = c.snapshot()
      if (seen.at(-1) !== status) seen.push(status)
    })
    sockets.newest.end(1006)
    client.wake()
    await settled()
    sockets.newest.welcome()
    // Twice would bring everything that was missed twice.
    expect(sockets.newest.ofType("subscribe")).toHaveLength(1)
    expect(sockets.newest.last("subscribe")["cursor"]).toBe("2-b")
    sockets.newest.answer("subscribe", { conversation: "c" })
    sockets.newest.receive(upToDate("2-b"))
    expect(seen).toEqual(["offline", "connecting", "catching-up", "live"])
    expect(texts(c)).toEqual(["one", "two"])
  })

  test("[CON5] ends when the membership does, and begins again by joining", async () => {
    const { c, client, sockets } = await liveScene()
    const error = { code: "not_member", message: "no member", retryable: false }
    sockets.newest.receive({ type: "unsubscribed", conversation: "c", error })
    expect(c.snapshot()).toMatchObject({ status: "closed", error })
    const joined = client.join("c")
    await settled()
    sockets.newest.answer("member.add", stored(3))
    await joined
    expect(sockets.newest.ofType("subscribe")).toHaveLength(2)
  })

  test("a refusal that passes is asked about again when the server says", async () => {
    const { clock, sockets } = await liveScene()
    const error = { code: "unavailable", message: "later", retryAfterMs: 1_000, retryable: true }
    sockets.newest.receive({ type: "unsubscribed", conversation: "c", error })
    await clock.advance(999)
    expect(sockets.newest.ofType("subscribe")).toHaveLength(1)
    await clock.advance(501)
    expect(sockets.newest.ofType("subscribe")).toHaveLength(2)
  })
})

describe("the view", () => {
  test("keeps its identity while nothing changes, and the identity of the parts that did not", async () => {
    const { c, sockets } = await liveScene()
    let told = 0
    c.subscribe(() => {
      told += 1
    })
    const before = c.snapshot()
    expect(c.snapshot()).toBe(before)
    sockets.newest.receive(events("1-a", "2-b", message(2, "two")))
    expect(told).toBe(0)
    expect(c.snapshot()).toBe(before)
    sockets.newest.receive({ type: "typing", conversation: "c", by: { user: "bob", device: "phone" }, on: true })
    expect(told).toBe(1)
    expect(c.snapshot().messages).toBe(before.messages)
    expect(c.snapshot().typing).toEqual([{ user: "bob", device: "phone" }])
  })
})

describe("reads and readers", () => {
  test("a read survives a loss of the connection", async () => {
    const scene = await liveScene()
    const reading = scene.c.history({ limit: 5 })
    await reconnect(scene)
    scene.sockets.newest.answer("history", { conversation: "c", messages: [], more: false })
    expect(await reading).toMatchObject({ more: false })
  })

  test("a refused read is rejected with the server's error", async () => {
    const { c, sockets } = await liveScene()
    const reading = c.members()
    sockets.newest.refuse("members", { code: "not_member", message: "no", retryable: false })
    await expect(reading).rejects.toBeInstanceOf(RequestError)
  })

  test("events() brings every change in order, each with the state after it", async () => {
    const { c, sockets } = await liveScene()
    const reader = c.events()
    sockets.newest.receive(events("2-b", "3-c", message(3, "three")))
    sockets.newest.receive(snapshot("diverged", "2-z", message(1, "one")))
    expect((await reader.next()).value).toMatchObject({ type: "events", cursor: "3-c", state: { seq: 3 } })
    expect((await reader.next()).value).toMatchObject({ type: "snapshot", reason: "diverged", state: { seq: 1 } })
    c.close()
    expect((await reader.next()).done).toBe(true)
  })

  test("a reader that falls too far behind is told so", async () => {
    const { c, sockets } = await liveScene()
    const reader = c.events()
    for (let seq = 3; seq <= clientLimits.updatesBufferedMax + 3; seq++) {
      const prev = seq === 3 ? "2-b" : `${seq - 1}-c`
      sockets.newest.receive(events(prev, `${seq}-c`, { ...message(3, "x"), type: "unknown", seq } as never))
    }
    await expect(reader.next()).rejects.toBeInstanceOf(ReaderTooSlow)
    expect((await reader.next()).done).toBe(true)
  })
})

describe("the queue", () => {
  const by = { user: "bob", device: "tablet" }
  const queued = (seq: number, run: string) => ({
    type: "run.queued",
    seq,
    time: 0,
    by,
    run,
    agent: "a",
    message: `m${seq}`,
  })

  test("[QUE1] shows who waits, the next one first, without whoever is under way or was taken out", async () => {
    const { c, sockets } = await liveScene()
    const waiting = () => c.snapshot().queue.map(({ id }) => id)
    const attempt = { type: "run.attempt", seq: 6, time: 0, run: "one", attempt: 1, node: "n" }
    const runs = [queued(3, "one"), queued(4, "two"), queued(5, "three")]
    sockets.newest.receive(events("2-b", "6-f", ...([...runs, attempt] as LogEvent[])))
    expect(waiting()).toEqual(["two", "three"])
    const before = c.snapshot().queue
    sockets.newest.receive(events("6-f", "7-g", message(7, "seven")))
    expect(c.snapshot().queue).toBe(before)
    const promoted = { type: "run.promoted", seq: 8, time: 0, by, run: "three" } as LogEvent
    sockets.newest.receive(events("7-g", "8-h", promoted))
    expect(waiting()).toEqual(["three", "two"])
    sockets.newest.receive(events("8-h", "9-i", { type: "run.stop", seq: 9, time: 0, by, run: "three" } as LogEvent))
    expect(waiting()).toEqual(["two"])
  })

  test("[QUE2] [QUE6] says what it wants of a message, of a run and of the conversation", async () => {
    const { c, sockets } = await liveScene()
    void c.send("now", { whenBusy: "interrupt" })
    expect(sockets.newest.last("send")).toMatchObject({ text: "now", whenBusy: "interrupt" })
    void c.promote("two")
    expect(sockets.newest.last("promote")).toMatchObject({ conversation: "c", run: "two" })
    sockets.newest.answer("promote", stored(9))
    await settled()
    void c.cancel("three")
    expect(sockets.newest.last("stop")).toMatchObject({ run: "three" })
    sockets.newest.answer("send", stored(10))
    await settled()
    void c.update({ title: "plans", whenBusy: "steer" })
    expect(sockets.newest.last("conversation.update")).toMatchObject({ title: "plans", whenBusy: "steer" })
  })

  test("[QUE3] a message that was refused because somebody is busy is a failed one, and can be sent again", async () => {
    const { c, sockets } = await liveScene()
    const sent = c.send("me", { whenBusy: "reject" })
    sockets.newest.refuse("send", { code: "busy", message: "busy", retryable: false })
    await expect(sent).rejects.toMatchObject({ error: { code: "busy" } })
    expect(c.snapshot().pending).toMatchObject([{ text: "me", status: "failed", error: { code: "busy" } }])
    c.retry(c.snapshot().pending[0]?.key ?? "")
    expect(sockets.newest.ofType("send")).toHaveLength(2)
    expect(sockets.newest.last("send")).toMatchObject({ whenBusy: "reject" })
  })
})
