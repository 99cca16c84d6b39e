/** One socket for all tabs: what happens when it ends, when it is dead, and when the tab that has it goes. */
import { settled } from "../../../../test/support/manual-clock.ts"
import { clientLimits } from "../../src/index.ts"
import { events, message, stored, upToDate } from "../support/frames.ts"
import { statuses, texts, twoTabs, World } from "../support/shared-tabs.ts"

describe("when the socket ends", () => {
  test("[ERR2] every tab hears the code, and one socket comes back for all of them", async () => {
    const { world, first, second, socket } = await twoTabs()
    const sending = second.c.send("under way")
    await world.settle()
    const { key } = socket.last("send")
    socket.end(4503)
    await world.settle()
    expect(statuses([first, second])).toEqual(["offline", "offline"])
    await world.clock.advance(clientLimits.backoffBaseMs)
    expect(world.sockets.all).toHaveLength(2)
    world.socket.welcome()
    await world.settle()
    expect(world.socket.last("send").key).toBe(key)
    world.socket.answer("send", { ...stored(3), duplicate: true })
    expect(await sending).toMatchObject({ duplicate: true })
  })

  test("a token that the server refuses is replaced in every tab", async () => {
    const world = new World()
    let fetched = 0
    const token = async () => `e30.${btoa(JSON.stringify({ sub: "ada", n: ++fetched }))}.x`
    await world.opened({ token })
    await world.opened({ token })
    world.socket.open()
    world.socket.end(4401)
    await world.clock.advance(clientLimits.backoffBaseMs)
    expect(fetched).toBe(4)
    expect(world.sockets.all).toHaveLength(2)
  })
})

describe("a socket that is dead", () => {
  const staggerMs = clientLimits.connectDeadlineMs / 2

  test("from the beginning is given up for all, though there is always a tab that waits for it yet", async () => {
    const world = new World()
    await world.opened()
    await world.clock.advance(staggerMs)
    const second = await world.opened()
    await world.clock.advance(staggerMs + clientLimits.backoffBaseMs)
    expect(world.sockets.all.length).toBeGreaterThan(1)
    world.socket.welcome()
    await world.settle()
    expect(second.client.state.name).toBe("open")
  })

  test("[CON3] later on is given up for all, though tabs come and go", async () => {
    const { world, socket } = await twoTabs()
    for (let beat = 0; beat < clientLimits.heartbeatsMissedMax + 3; beat++) {
      await world.opened()
      await world.clock.advance(10_000)
    }
    expect(socket.closed).toBe(true)
    expect(world.socket).not.toBe(socket)
  })
})

describe("when the tab with the socket goes", () => {
  test("[TAB2] [SUB2] another one opens a socket, and all go on from their cursors", async () => {
    const { world, first, second, socket } = await twoTabs()
    const third = await world.opened()
    socket.receive(events("2-b", "3-c", message(3, "three")))
    await world.settle()
    const sending = second.c.send("under way")
    await world.settle()
    const { key } = socket.last("send")
    first.tab.end()
    await world.clock.advance(clientLimits.backoffBaseMs)
    expect(world.sockets.all).toHaveLength(2)
    world.socket.welcome()
    await world.settle()
    expect(world.socket.ofType("subscribe").map(({ cursor }) => cursor)).toEqual(["3-c"])
    expect(world.socket.last("send").key).toBe(key)
    world.socket.answer("subscribe", { conversation: "c" })
    world.socket.receive(events("3-c", "4-d", message(4, "under way", { key: String(key), device: "laptop" })))
    world.socket.receive(upToDate("4-d"))
    world.socket.answer("send", stored(4))
    expect(await sending).toMatchObject({ seq: 4 })
    for (const { c } of [second, third]) expect(texts(c)).toEqual(["one", "two", "three", "under way"])
    expect(statuses([second, third])).toEqual(["live", "live"])
  })

  test("[TAB2] a frozen one is not waited for: the others open sockets of their own, and its late answers harm nobody", async () => {
    const { world, first, second } = await twoTabs()
    first.tab.freeze()
    second.client.drop()
    await world.clock.advance(clientLimits.backoffBaseMs)
    await world.clock.advance(clientLimits.sharedJoinDeadlineMs)
    expect(world.sockets.all).toHaveLength(2)
    world.socket.welcome()
    await world.settle()
    await world.goLive()
    const [old] = world.sockets.all
    first.tab.thaw()
    await world.settle()
    expect(statuses([first, second])).toEqual(["live", "live"])
    // Whoever had called is gone by then: only the first tab is left on the old socket.
    old?.receive(events("2-b", "3-c", message(3, "three")))
    await world.settle()
    expect([texts(first.c), texts(second.c)]).toEqual([
      ["one", "two", "three"],
      ["one", "two"],
    ])
    first.client.close()
    await world.settle()
    expect(old?.closed).toBe(true)
  })

  test("and is silent: a tab notices by its heartbeat", async () => {
    const { world, first, second } = await twoTabs()
    first.tab.freeze()
    const heartbeatMs = 10_000
    await world.clock.advance(heartbeatMs * (clientLimits.heartbeatsMissedMax + 2))
    await world.clock.advance(clientLimits.backoffBaseMs + clientLimits.sharedJoinDeadlineMs)
    expect(world.sockets.all).toHaveLength(2)
    world.socket.welcome()
    await world.settle()
    expect(second.client.state.name).toBe("open")
  })

  test("a tab that calls while nobody leads is answered by whoever does next", async () => {
    const { world, first } = await twoTabs()
    first.tab.freeze()
    const late = await world.opened()
    expect(late.client.state.name).toBe("greeting")
    first.tab.end()
    await world.settle()
    expect(world.sockets.all).toHaveLength(2)
    world.socket.welcome()
    await world.settle()
    expect(late.client.state.name).toBe("open")
  })
})

describe("messages between tabs", () => {
  test("one that is lost ends the link, and the tab goes on from where it was", async () => {
    const { world, second, socket } = await twoTabs()
    world.browser.byHand = true
    socket.receive(events("2-b", "3-c", message(3, "three")))
    world.browser.underWay.shift()
    socket.receive(events("3-c", "4-d", message(4, "four")))
    while (world.browser.deliver());
    world.browser.byHand = false
    expect(second.c.snapshot().status).toBe("offline")
    await world.clock.advance(clientLimits.backoffBaseMs)
    expect(texts(second.c)).toEqual(["one", "two", "three", "four"])
    expect(socket.ofType("subscribe")).toHaveLength(1)
  })

  test("[TAB3] [DLV3] a tab that does not read is let go, holds a bounded amount, and comes back", async () => {
    const { world, first, second, socket } = await twoTabs()
    second.tab.freeze()
    const text = "x".repeat(100_000)
    let posted = 0
    for (let seq = 3; seq < 103; seq++) {
      socket.receive(events(seq === 3 ? "2-b" : `${seq - 1}-x`, `${seq}-x`, message(seq, text)))
      await settled()
    }
    expect(texts(first.c)).toHaveLength(102)
    posted = second.tab.unheardChars
    expect(posted).toBeGreaterThan(clientLimits.sharedWindowChars)
    expect(posted).toBeLessThan(clientLimits.sharedWindowChars + 3 * text.length)
    second.tab.thaw()
    await world.settle()
    expect(second.c.snapshot().status).toBe("offline")
    // What it lacks is more than may be under way at once: it gets there in more than one go.
    await world.clock.advance(clientLimits.backoffMaxMs)
    expect(texts(second.c)).toHaveLength(102)
  })

  test("a tab that reads is not let go, however much comes", async () => {
    const { world, second, socket } = await twoTabs()
    const text = "x".repeat(100_000)
    for (let seq = 3; seq < 103; seq++) {
      socket.receive(events(seq === 3 ? "2-b" : `${seq - 1}-x`, `${seq}-x`, message(seq, text)))
      await world.settle()
    }
    expect(second.c.snapshot().status).toBe("live")
    expect(texts(second.c)).toHaveLength(102)
  })
})
