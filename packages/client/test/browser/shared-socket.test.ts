import { sharedSocket } from "../../src/browser/index.ts"
import { clientLimits } from "../../src/index.ts"
import { FakeSockets } from "../support/fake-sockets.ts"
import { FakeBrowser } from "../support/fake-tabs.ts"
import { events, message, snapshot, stored, upToDate } from "../support/frames.ts"
import { statuses, texts, twoTabs, World } from "../support/shared-tabs.ts"

describe("one socket for all tabs", () => {
  test("[TAB1] the first tab opens it, the others say nothing to the server but what they want", async () => {
    const { world, first, second, socket } = await twoTabs()
    const third = await world.opened()
    expect(world.sockets.all).toHaveLength(1)
    expect(socket.ofType("hello")).toHaveLength(1)
    expect(socket.ofType("subscribe")).toHaveLength(1)
    expect(statuses([first, second, third])).toEqual(["live", "live", "live"])
    expect([first, second, third].map(({ c }) => texts(c))).toEqual(Array(3).fill(["one", "two"]))
  })

  test("everybody sees every event, once", async () => {
    const { world, first, second, socket } = await twoTabs()
    const updates: string[] = []
    second.c.subscribe(() => updates.push(texts(second.c).join()))
    socket.receive(events("2-b", "3-c", message(3, "three")))
    socket.receive(events("2-b", "3-c", message(3, "three")))
    await world.settle()
    expect([texts(first.c), texts(second.c)]).toEqual(Array(2).fill(["one", "two", "three"]))
    expect(updates).toEqual(["one,two,three"])
  })

  test("[ACK3] requests of different tabs are different requests, and each gets its own answer", async () => {
    const { world, first, second, socket } = await twoTabs()
    const sending = [first.c.send("from the first"), second.c.send("from the second")]
    await world.settle()
    const [one, two] = socket.ofType("send")
    expect([one?.["text"], two?.["text"]]).toEqual(["from the first", "from the second"])
    expect(one?.id).not.toBe(two?.id)
    socket.receive({ type: "ok", id: two?.id, result: stored(4) })
    socket.receive({ type: "ok", id: one?.id, result: stored(3) })
    expect((await Promise.all(sending)).map(({ seq }) => seq)).toEqual([3, 4])
  })

  test("a refusal, too, is for whoever asked", async () => {
    const { world, second, socket } = await twoTabs()
    const sending = second.c.send("no")
    await world.settle()
    socket.refuse("send", { code: "not_member", message: "no", retryable: false })
    await expect(sending).rejects.toMatchObject({ error: { code: "not_member" } })
  })

  test("[FRM5] lean frames reach a tab that came later as whole ones", async () => {
    const { world, first, socket } = await twoTabs()
    const begun = { seq: 3, type: "message-start", time: 0, message: "a", run: "r", agent: "demo" }
    const delta = { seq: 4, type: "delta", message: "a", block: 0, at: 0, text: "To" }
    socket.receive({ ...events("2-b", "4-1"), events: [begun, delta], as: 7 })
    socket.receive([7, "ge"])
    const late = await world.opened()
    socket.receive([7, "ther"])
    await world.settle()
    const shown = [first, late].map(({ c }) => c.snapshot())
    expect(shown.map(({ cursor }) => cursor)).toEqual(["6-3", "6-3"])
    expect(shown[1]?.state).toEqual(shown[0]?.state)
    expect(socket.ofType("subscribe")).toHaveLength(1)
  })

  test("a conversation is left when the last tab leaves it, and the socket with the last tab", async () => {
    const { world, first, second, socket } = await twoTabs()
    second.c.close()
    await world.settle()
    expect(socket.ofType("unsubscribe")).toHaveLength(0)
    first.c.close()
    await world.settle()
    expect(socket.ofType("unsubscribe")).toHaveLength(1)
    second.tab.end()
    await world.settle()
    expect(socket.closed).toBe(false)
    first.client.close()
    await world.settle()
    expect(socket.closed).toBe(true)
  })

  test("typing and presence reach those who follow the conversation", async () => {
    const { world, first, second, socket } = await twoTabs()
    socket.receive({ type: "typing", conversation: "c", by: { user: "bob", device: "phone" }, on: true })
    await world.settle()
    expect([first, second].map(({ c }) => c.snapshot().typing.length)).toEqual([1, 1])
    second.c.typing(true)
    await world.settle()
    expect(socket.last("typing")).toMatchObject({ conversation: "c", on: true })
  })
})

describe("who shares", () => {
  const jwt = (sub: string, more = {}) => `e30.${btoa(JSON.stringify({ sub, ...more }))}.x`

  test("[TAB1] only the same user on the same device, by what the token says", async () => {
    const world = new World()
    await world.opened({ token: jwt("ada") })
    await world.opened({ token: jwt("ada", { exp: 9_999_999_999 }) })
    expect(world.sockets.all).toHaveLength(1)
    await world.opened({ token: jwt("eve") })
    await world.opened({ token: jwt("ada"), device: "other" })
    await world.opened({ token: jwt("ada"), url: "ws://there/v1" })
    expect(world.sockets.all).toHaveLength(4)
  })

  test("nobody whose token does not say who it is", async () => {
    const world = new World()
    await world.opened({ token: "opaque" })
    await world.opened({ token: "opaque" })
    expect(world.sockets.all).toHaveLength(2)
    world.socket.open()
    expect(world.socket.last("hello")["token"]).toBe("opaque")
  })

  test("nobody where there are no locks or no channels", () => {
    const { factory } = new FakeSockets()
    const { locks, channel } = new FakeBrowser().tab()
    expect(sharedSocket({ socket: factory, locks, channel: undefined })).toBe(factory)
    expect(sharedSocket({ socket: factory, locks: undefined, channel })).toBe(factory)
  })

  test("nobody where the browser refuses its locks: then each tab has a socket at once", async () => {
    const sockets = new FakeSockets()
    const world = new World(sockets)
    const { channel } = world.browser.tab()
    const locks = { request: () => Promise.reject(new DOMException("opaque origin", "SecurityError")) }
    const socket = sharedSocket({ socket: sockets.factory, locks, channel, clock: world.clock })
    await world.opened({ socket })
    await world.opened({ socket })
    expect(sockets.all).toHaveLength(2)
    world.socket.welcome()
    await world.settle()
    expect(world.socket.ofType("hello")).toHaveLength(1)
  })
})

describe("a tab that comes later", () => {
  test("[SUB2] goes on from its cursor, if that is a place that is known, without asking the server", async () => {
    const { world, second, socket } = await twoTabs()
    socket.receive(events("2-b", "3-c", message(3, "three")))
    await world.settle()
    second.client.drop()
    socket.receive(events("3-c", "4-d", message(4, "four")))
    socket.receive(events("4-d", "5-e", message(5, "five")))
    const updates: string[] = []
    second.c.events()
    const follow = (async () => {
      for await (const update of second.c.events()) updates.push(update.type)
    })()
    await world.clock.advance(clientLimits.backoffBaseMs)
    expect(texts(second.c)).toEqual(["one", "two", "three", "four", "five"])
    expect(socket.ofType("subscribe")).toHaveLength(1)
    second.c.close()
    await follow
    expect(updates).toEqual(["events", "events"])
  })

  test("gets the snapshot and what followed it, however much that was", async () => {
    const { world, first, socket } = await twoTabs()
    const count = clientLimits.sharedFramesMax * 3
    for (let seq = 3; seq <= count; seq++) {
      const prev = seq === 3 ? "2-b" : `${seq - 1}-x`
      socket.receive(events(prev, `${seq}-x`, message(seq, `${seq}`)))
    }
    await world.settle()
    const late = await world.opened()
    expect(late.c.snapshot().state).toEqual(first.c.snapshot().state)
    expect(late.c.snapshot()).toMatchObject({ status: "live", cursor: `${count}-x` })
    expect(socket.ofType("subscribe")).toHaveLength(1)
  })

  test("asks for a snapshot if the socket began with a cursor; who is there already is not disturbed by it", async () => {
    const { world, first, socket } = await twoTabs()
    first.client.drop()
    await world.clock.advance(clientLimits.backoffBaseMs)
    // Both are gone from the old socket, so nothing is known from its beginning.
    socket.end(1006)
    await world.clock.advance(clientLimits.backoffBaseMs)
    world.socket.welcome()
    await world.settle()
    expect(world.socket.ofType("subscribe").map(({ cursor }) => cursor)).toEqual(["2-b"])
    world.socket.answer("subscribe", { conversation: "c" })
    world.socket.receive(upToDate("2-b"))
    await world.settle()
    const seen: string[] = []
    const follow = (async () => {
      for await (const update of first.c.events()) seen.push(update.type)
    })()
    const late = await world.opened()
    expect(world.socket.ofType("subscribe").map(({ cursor }) => cursor)).toEqual(["2-b", undefined])
    await world.goLive()
    expect(statuses([first, late])).toEqual(["live", "live"])
    expect(texts(late.c)).toEqual(["one", "two"])
    first.c.close()
    await follow
    expect(seen).toEqual([])
  })

  test("is brought along where the server begins with the log instead of a snapshot", async () => {
    const world = new World()
    const first = await world.opened()
    world.socket.welcome()
    await world.settle()
    const early = await world.opened()
    world.socket.answer("subscribe", { conversation: "c" })
    world.socket.receive(events("0-0", "2-b", message(1, "one"), message(2, "two")))
    await world.settle()
    const later = await world.opened()
    world.socket.receive(events("2-b", "3-c", message(3, "three")))
    world.socket.receive(upToDate("3-c"))
    const late = await world.opened()
    for (const { c } of [first, early, later, late]) expect(texts(c)).toEqual(["one", "two", "three"])
    expect(statuses([first, early, later, late])).toEqual(Array(4).fill("live"))
    expect(world.socket.ofType("subscribe")).toHaveLength(1)
  })

  test("and if something came in between, who is there already starts over, too", async () => {
    const { world, first, second, socket } = await twoTabs()
    socket.end(1006)
    await world.clock.advance(clientLimits.backoffBaseMs)
    world.socket.welcome()
    await world.settle()
    world.socket.answer("subscribe", { conversation: "c" })
    world.socket.receive(upToDate("2-b"))
    const late = await world.opened()
    world.socket.answer("subscribe", { conversation: "c" })
    world.socket.receive(snapshot("fresh", "3-c", message(1, "one"), message(2, "two"), message(3, "three")))
    world.socket.receive(upToDate("3-c"))
    world.socket.receive(events("3-c", "4-d", message(4, "four")))
    await world.settle()
    for (const { c } of [first, second, late]) expect(texts(c)).toEqual(["one", "two", "three", "four"])
    expect(statuses([first, second, late])).toEqual(["live", "live", "live"])
  })

  test("[CON5] is refused as the server would: with its word", async () => {
    const { world, first, second, socket } = await twoTabs()
    const error = { code: "not_member", message: "no", retryable: false }
    socket.receive({ type: "unsubscribed", conversation: "c", error })
    await world.settle()
    expect(statuses([first, second])).toEqual(["closed", "closed"])
    const late = await world.opened()
    expect(socket.ofType("subscribe")).toHaveLength(2)
    socket.refuse("subscribe", error)
    await world.settle()
    expect(late.c.snapshot()).toMatchObject({ status: "closed", error })
  })

  test("[LIN1] a snapshot of another history is everybody's", async () => {
    const { world, first, second, socket } = await twoTabs()
    socket.receive(snapshot("diverged", "2-z", message(1, "one"), message(2, "other")))
    await world.settle()
    expect([texts(first.c), texts(second.c)]).toEqual(Array(2).fill(["one", "other"]))
  })

  test("[FRM1] a gap is mended with one question for all", async () => {
    const { world, first, second, socket } = await twoTabs()
    socket.receive(events("3-c", "4-d", message(4, "four")))
    await world.settle()
    expect(socket.ofType("subscribe").map(({ cursor }) => cursor)).toEqual([undefined, "2-b"])
    socket.answer("subscribe", { conversation: "c" })
    socket.receive(events("2-b", "4-d", message(3, "three"), message(4, "four")))
    socket.receive(upToDate("4-d"))
    await world.settle()
    expect([texts(first.c), texts(second.c)]).toEqual(Array(2).fill(["one", "two", "three", "four"]))
    expect(statuses([first, second])).toEqual(["live", "live"])
  })
})
