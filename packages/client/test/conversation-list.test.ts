/** The list of conversations: it asks when there is a reason to, once at a time, and counts what is new. */
import { settled } from "../../../test/support/manual-clock.ts"
import { clientLimits, isUnread, readUpTo } from "../src/index.ts"
import { events, message } from "./support/frames.ts"
import { openWorld, type World } from "./support/world.ts"

const entry = (conversation: string) => ({ conversation, role: "member" as const })
const named = (...ids: string[]) => ({ conversations: ids.map(entry) })

async function answer({ sockets }: World, ...ids: string[]): Promise<void> {
  sockets.newest.answer("conversations", named(...ids))
  await settled()
}

const asked = ({ sockets }: World) => sockets.newest.ofType("conversations").length
const membership = ({ sockets }: World, conversation?: string) =>
  sockets.newest.receive({ type: "membership", ...(conversation === undefined ? {} : { conversation }) })

describe("the list of conversations", () => {
  test("knows nothing before somebody has answered, and then which there are", async () => {
    const world = await openWorld()
    const list = world.client.list()
    expect(list.snapshot()).toEqual({ isKnown: false, conversations: [] })
    await answer(world, "a", "b")
    const { isKnown, conversations } = list.snapshot()
    expect(isKnown).toBe(true)
    expect(conversations.map(({ conversation, unread }) => [conversation, unread])).toEqual([
      ["a", 0],
      ["b", 0],
    ])
    expect(list.snapshot()).toBe(list.snapshot())
  })

  test("[CON8] asks when the user was added or removed, and drops what is gone", async () => {
    const world = await openWorld()
    const list = world.client.list()
    await answer(world, "a")
    membership(world, "b")
    expect(asked(world)).toBe(2)
    await answer(world, "b")
    expect(list.snapshot().conversations.map(({ conversation }) => conversation)).toEqual(["b"])
  })

  test("[CON8] what is told while it asks is asked once more, and no more often", async () => {
    const world = await openWorld()
    world.client.list()
    for (const conversation of ["b", "c", "d"]) membership(world, conversation)
    expect(asked(world)).toBe(1)
    await answer(world, "a")
    expect(asked(world)).toBe(2)
    await answer(world, "a", "b", "c", "d")
    expect(asked(world)).toBe(2)
  })

  test("[CON8] where nobody is named it asks once, within a few seconds", async () => {
    const world = await openWorld()
    world.client.list()
    await answer(world, "a")
    for (let times = 0; times < 3; times++) membership(world)
    expect(asked(world)).toBe(1)
    await world.clock.advance(clientLimits.listJitterMs)
    expect(asked(world)).toBe(2)
  })

  test("asks on each connection, and shows what was known until there is an answer", async () => {
    const world = await openWorld()
    const list = world.client.list()
    await answer(world, "a")
    world.sockets.newest.end(1006)
    expect(list.snapshot().conversations).toHaveLength(1)
    await world.clock.advance(clientLimits.backoffMaxMs)
    world.sockets.newest.welcome()
    await settled()
    expect(asked(world)).toBe(1)
    await answer(world, "a", "b")
    expect(list.snapshot().conversations).toHaveLength(2)
  })

  test("follows the first ones, those the user was added to, and those that somebody looks at", async () => {
    const world = await openWorld()
    const list = world.client.list({ followedMax: 2 })
    const followed = () => world.sockets.newest.ofType("subscribe").map(({ conversation }) => conversation)
    await answer(world, "a", "b", "c", "d")
    expect(followed()).toEqual(["a", "b"])
    membership(world, "e")
    await answer(world, "a", "b", "c", "d", "e")
    list.follow("d")
    expect(followed()).toEqual(["a", "b", "e", "d"])
  })

  test("[CON8] a conversation that was shut is followed again when the user is added to it", async () => {
    const world = await openWorld()
    const list = world.client.list()
    await answer(world)
    const conversation = world.client.conversation("c")
    world.sockets.newest.refuse("subscribe", { code: "not_member", message: "no", retryable: false })
    await settled()
    expect(conversation.snapshot().status).toBe("closed")
    membership(world, "c")
    await answer(world, "c")
    expect(world.sockets.newest.ofType("subscribe")).toHaveLength(2)
    expect(conversation.snapshot().status).toBe("catching-up")
    expect(list.snapshot().conversations[0]?.view).toBe(conversation.snapshot())
  })

  test("counts what others have said behind the receipt", async () => {
    const world = await openWorld()
    const list = world.client.list()
    await answer(world, "c")
    world.sockets.newest.answer("subscribe", { conversation: "c" })
    const bobs = (seq: number) => ({ ...message(seq, `m${seq}`), by: { user: "bob", device: "pad" } })
    const by = { user: "ada", device: "phone" }
    const joined = { seq: 1, type: "member.added", time: 0, by, user: "ada", role: "owner" } as const
    world.sockets.newest.receive(events("0-0", "4-x", joined, bobs(2), message(3, "mine"), bobs(4)))
    expect(list.snapshot().conversations[0]?.unread).toBe(2)
    world.sockets.newest.receive(events("4-x", "5-x", { seq: 5, type: "receipt", time: 0, by, upTo: 2 }))
    expect(list.snapshot().conversations[0]?.unread).toBe(1)
  })

  test("tells nobody anything when it was closed", async () => {
    const world = await openWorld()
    const list = world.client.list()
    await answer(world, "a")
    list.close()
    membership(world, "b")
    expect(asked(world)).toBe(1)
  })
})

describe("unread", () => {
  const said = { id: "m", seq: 3, time: 0, role: "user", status: "complete", text: "x", blocks: [] } as const
  const bobs = { ...said, blocks: [], by: { user: "bob", device: "d" } }

  test("is what others said behind the receipt, and has words", () => {
    expect(isUnread(bobs, "ada", 2)).toBe(true)
    expect(isUnread(bobs, "ada", 3)).toBe(false)
    expect(isUnread(bobs, "bob", 0)).toBe(false)
    expect(isUnread({ ...bobs, redacted: true }, "ada", 0)).toBe(false)
    expect(isUnread({ ...said, role: "assistant", blocks: [] }, "ada", 0)).toBe(false)
  })

  test("somebody whose name is a property of every object has read nothing", () => {
    expect(readUpTo({}, "constructor")).toBe(0)
    expect(readUpTo({ ada: 4 }, "ada")).toBe(4)
  })
})
