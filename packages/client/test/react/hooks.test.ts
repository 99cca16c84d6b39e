/** The hooks, in React itself: what is rendered, how often, and what the server is asked for. */
import { createElement, type ReactNode, StrictMode, useState } from "react"
import { renderToString } from "react-dom/server"
import type { Client, ConversationView } from "../../src/index.ts"
import { clientLimits } from "../../src/index.ts"
import { ClientProvider, useClient, useConversation } from "../../src/react/index.ts"
import { events, message, snapshot, upToDate } from "../support/frames.ts"
import { newWorld, openWorld, type World } from "../support/world.ts"
import { Page } from "./page.ts"

function Texts({ id, rendered }: { readonly id: string; readonly rendered?: () => void }): ReactNode {
  rendered?.()
  const { status, messages } = useConversation(id)
  return `${status}: ${messages.map(({ text }) => text).join()}`
}

const within = (client: Client, ...children: ReactNode[]) => createElement(ClientProvider, { client }, ...children)
const texts = (id = "c") => createElement(Texts, { id, key: id })

function goLive({ sockets }: World): void {
  sockets.newest.answer("subscribe", { conversation: "c" })
  sockets.newest.receive(snapshot("fresh", "2-b", message(1, "one"), message(2, "two")))
  sockets.newest.receive(upToDate("2-b"))
}

describe("useConversation", () => {
  test("follows from the mount on, and shows what comes", async () => {
    const world = await openWorld()
    const page = await Page.open(within(world.client, texts()))
    expect(page.text).toBe("catching-up: ")
    await page.after(() => goLive(world))
    expect(page.text).toBe("live: one,two")
    await page.after(() => world.sockets.newest.receive(events("2-b", "3-c", message(3, "three"))))
    expect(page.text).toBe("live: one,two,three")
    await page.leave()
  })

  test("many components follow a conversation once, and the last one that leaves ends it, after a moment", async () => {
    const { client, clock, sockets } = await openWorld()
    const two = (first: boolean) => within(client, first && createElement(Texts, { id: "c", key: 1 }), texts())
    const page = await Page.open(two(true))
    expect(sockets.newest.ofType("subscribe")).toHaveLength(1)
    await page.show(two(false))
    await clock.advance(clientLimits.followGraceMs)
    expect(client.followed("c")).toBeDefined()
    await page.show(within(client))
    await clock.advance(clientLimits.followGraceMs - 1)
    expect(sockets.newest.ofType("unsubscribe")).toHaveLength(0)
    await clock.advance(1)
    expect(sockets.newest.ofType("unsubscribe")).toHaveLength(1)
    expect(client.followed("c")).toBeUndefined()
    await page.leave()
  })

  test("StrictMode, which mounts twice, and a page that comes back at once do not ask twice", async () => {
    const { client, clock, sockets } = await openWorld()
    const page = await Page.open(createElement(StrictMode, null, within(client, texts())))
    await page.show(createElement(StrictMode, null, within(client)))
    await clock.advance(clientLimits.followGraceMs - 1)
    await page.show(createElement(StrictMode, null, within(client, texts())))
    await clock.advance(clientLimits.followGraceMs)
    expect(sockets.newest.ofType("subscribe")).toHaveLength(1)
    expect(sockets.newest.ofType("unsubscribe")).toHaveLength(0)
    await page.leave()
  })

  test("what the program follows itself stays followed", async () => {
    const { client, clock } = await openWorld()
    const own = client.conversation("c")
    const page = await Page.open(within(client, texts()))
    await page.leave()
    await clock.advance(clientLimits.followGraceMs)
    expect(client.followed("c")).toBe(own)
  })

  test("what the program closes under it is followed anew by the next component", async () => {
    const { client, clock, sockets } = await openWorld()
    const page = await Page.open(within(client, texts()))
    await page.after(() => client.followed("c")?.close())
    await page.show(within(client, texts(), createElement(Texts, { id: "c", key: 2 })))
    expect(sockets.newest.ofType("subscribe")).toHaveLength(2)
    // The first one goes, and with it only what it had itself.
    await page.show(within(client, createElement(Texts, { id: "c", key: 2 })))
    await clock.advance(clientLimits.followGraceMs)
    expect(client.followed("c")).toBeDefined()
    expect(sockets.newest.ofType("unsubscribe")).toHaveLength(1)
    await page.leave()
    await clock.advance(clientLimits.followGraceMs)
    expect(client.followed("c")).toBeUndefined()
  })

  test("moves to another conversation", async () => {
    const world = await openWorld()
    const page = await Page.open(within(world.client, createElement(Texts, { id: "c", key: 1 })))
    await page.after(() => goLive(world))
    await page.show(within(world.client, createElement(Texts, { id: "d", key: 1 })))
    expect(page.text).toBe("catching-up: ")
    await world.clock.advance(clientLimits.followGraceMs)
    expect(world.client.followed("c")).toBeUndefined()
    expect(world.client.followed("d")).toBeDefined()
    await page.leave()
  })
})

describe("a selector", () => {
  /** How often a component was rendered that takes this of the view. */
  async function rendersOf<T>(selector: (view: ConversationView) => T, isEqual?: (left: T, right: T) => boolean) {
    let renders = 0
    const Counting = () => {
      renders += 1
      // A function of its own each time, as it is usually written.
      return JSON.stringify(useConversation("c", (view) => selector(view), isEqual))
    }
    const world = await openWorld()
    const page = await Page.open(within(world.client, createElement(Counting)))
    await page.after(() => goLive(world))
    const before = renders
    return { world, page, renders: () => renders - before }
  }

  test("renders again only when its result changes", async () => {
    const { world, page, renders } = await rendersOf(({ status }) => status)
    await page.after(() => world.sockets.newest.receive(events("2-b", "3-c", message(3, "three"))))
    expect([page.text, renders()]).toEqual(['"live"', 0])
    await page.after(() => world.sockets.newest.end(1006))
    expect([page.text, renders()]).toEqual(['"offline"', 1])
    await page.leave()
  })

  test("may make new objects, if it says when they are equal", async () => {
    const sameTexts = (left: string[], right: string[]) => left.join() === right.join()
    const last = ({ messages }: ConversationView) => messages.slice(0, 2).map(({ text }) => text)
    const { world, page, renders } = await rendersOf(last, sameTexts)
    await page.after(() => world.sockets.newest.receive(events("2-b", "3-c", message(3, "three"))))
    expect([page.text, renders()]).toEqual(['["one","two"]', 0])
    await page.leave()
  })

  test("that makes new objects all the time costs renders, and no endless loop", async () => {
    const { world, page, renders } = await rendersOf(({ messages }) => [messages.length])
    await page.after(() => world.sockets.newest.receive(events("2-b", "3-c", message(3, "three"))))
    expect([page.text, renders()]).toEqual(["[3]", 1])
    await page.leave()
  })

  test("takes what the newest render says", async () => {
    const { client, sockets, ...world } = await openWorld()
    let choose = (_of: "status" | "conversation") => {}
    const Choosing = () => {
      const [field, setField] = useState<"status" | "conversation">("status")
      choose = setField
      return useConversation("c", (view) => view[field])
    }
    const page = await Page.open(within(client, createElement(Choosing)))
    await page.after(() => goLive({ client, sockets, ...world }))
    expect(page.text).toBe("live")
    await page.after(() => choose("conversation"))
    expect(page.text).toBe("c")
    await page.leave()
  })
})

describe("on a server", () => {
  test("renders a conversation that nothing is known of, and asks nobody", async () => {
    const { client, sockets } = await openWorld()
    expect(renderToString(within(client, texts()))).toBe("connecting: ")
    expect(client.followed("c")).toBeUndefined()
    expect(sockets.newest.ofType("subscribe")).toHaveLength(0)
  })
})

test("useClient says what is missing", async () => {
  const Lost = () => useClient().device
  expect(() => renderToString(createElement(Lost))).toThrow("ClientProvider")
  const { client } = await newWorld()
  expect(renderToString(within(client, createElement(Lost)))).toBe("laptop")
})
