/** Who belongs to a conversation, who is here, and what a removal does. */
import type { NativeClient } from "../support/native-client.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests({ secret: "a secret that is long enough for HS256, surely" })
const open = nodeForTests()
/** What happens right behind the store's next answer to whether bob belongs to a conversation. */
let behindAnswer: (() => Promise<unknown>) | undefined
const interrupted = nodeForTests({
  wrapEngine: (engine) => ({
    ...engine,
    directory: {
      ...engine.directory,
      async role(conversation, user) {
        const role = await engine.directory.role(conversation, user)
        const work = user === "bob" ? behindAnswer : undefined
        if (work) behindAnswer = undefined
        await work?.()
        return role
      },
    },
  }),
})
let made = 0
const freshName = () => `people-${++made}`

const signedIn = async (user: string, device = "phone"): Promise<NativeClient> =>
  current().connect({ user, device, token: await current().token(user) })

describe("people of a conversation", () => {
  test("[CON5] a removal ends the subscription, on every device of that user, and nobody else's", async () => {
    const conversation = freshName()
    const [ada, bob, tablet, eve] = await Promise.all([
      signedIn("ada"),
      signedIn("bob"),
      signedIn("bob", "tablet"),
      signedIn("eve"),
    ])
    await ada.must({ type: "create", key: "k", conversation, members: ["bob", "eve"] })
    const logs = await Promise.all([ada, bob, tablet, eve].map((device) => device.follow(conversation)))
    await ada.must({ type: "member.remove", key: "r", conversation, user: "bob" })
    for (const device of [bob, tablet])
      expect(await device.first("unsubscribed")).toMatchObject({ conversation, error: { code: "not_member" } })
    const after = await ada.must({ type: "send", key: "s", conversation, text: "just us" })
    await eve.until("the message", () => eve.log(conversation).cursor === after["cursor"])
    expect(JSON.stringify([bob.frames, tablet.frames])).not.toContain("just us")
    expect(eve.frames.some(({ type }) => type === "unsubscribed")).toBe(false)
    expect(await bob.refusal({ type: "send", key: "s", conversation, text: "let me in" })).toMatchObject({
      code: "not_member",
      field: "conversation",
    })
    expect(await bob.refusal({ type: "subscribe", conversation })).toMatchObject({ code: "not_member" })
    expect(await bob.refusal({ type: "history", conversation })).toMatchObject({ code: "not_member" })
    expect(await bob.must({ type: "conversations" })).toEqual({ conversations: [] })
    expect(logs.flatMap((log) => log.faults)).toEqual([])
  })

  test.each(["history", "members", "checkpoints"])(
    "[CON5] who was removed behind the store's answer to who they are learns nothing of what came then (%s)",
    async (type) => {
      const conversation = freshName()
      const [ada, bob] = await Promise.all([
        interrupted().connect({ user: "ada" }),
        interrupted().connect({ user: "bob" }),
      ])
      await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
      behindAnswer = async () => {
        await ada.must({ type: "member.remove", key: "r", conversation, user: "bob" })
        await ada.must({ type: "send", key: "s", conversation, text: "just us" })
      }
      expect(await bob.refusal({ type, conversation })).toMatchObject({ code: "not_member" })
    },
  )

  test("[CON5] whoever is added again may follow again", async () => {
    const conversation = freshName()
    const [ada, bob] = await Promise.all([signedIn("ada"), signedIn("bob")])
    await ada.must({ type: "create", key: "k", conversation })
    for (const round of ["1", "2", "3"]) {
      expect(await bob.refusal({ type: "subscribe", conversation })).toMatchObject({ code: "not_member" })
      await ada.must({ type: "member.add", key: `a${round}`, conversation, user: "bob" })
      const log = await bob.follow(conversation)
      expect(log.state.members).toEqual({ ada: "owner", bob: "member" })
      await ada.must({ type: "member.remove", key: `r${round}`, conversation, user: "bob" })
      await bob.until(
        "the end",
        () => bob.frames.filter(({ type }) => type === "unsubscribed").length === Number(round),
      )
    }
  })

  test("[CON5] roles: members may leave, owners may add and remove, the last owner stays", async () => {
    const conversation = freshName()
    const [ada, bob] = await Promise.all([signedIn("ada"), signedIn("bob")])
    await ada.must({ type: "create", key: "k", conversation, members: ["bob", "eve"] })
    const about = { conversation, key: "x" }
    expect(await bob.refusal({ type: "member.add", ...about, user: "zoe" })).toMatchObject({ code: "forbidden" })
    expect(await bob.refusal({ type: "member.remove", ...about, user: "eve" })).toMatchObject({ code: "forbidden" })
    expect(await ada.refusal({ type: "member.remove", ...about, user: "ada" })).toMatchObject({ code: "forbidden" })
    expect(await ada.refusal({ type: "member.remove", ...about, user: "zoe" })).toMatchObject({
      code: "not_found",
      field: "user",
    })
    await bob.must({ type: "member.remove", conversation, key: "leave", user: "bob" })
    const { members } = (await ada.must({ type: "members", conversation })) as { members: { user: string }[] }
    expect(members.map(({ user }) => user).sort()).toEqual(["ada", "eve"])
  })

  test("[AUT3] a user's own conversation is theirs alone to make", async () => {
    const [ada, bob] = await Promise.all([signedIn("ada"), signedIn("bob")])
    expect(await bob.refusal({ type: "create", key: "k", conversation: "~ada" })).toMatchObject({
      code: "forbidden",
      field: "conversation",
    })
    await ada.must({ type: "create", key: "k", conversation: "~ada", title: "Notes" })
    expect(await bob.refusal({ type: "subscribe", conversation: "~ada" })).toMatchObject({ code: "not_member" })
    expect(await ada.must({ type: "conversations" })).toMatchObject({
      conversations: expect.arrayContaining([{ conversation: "~ada", role: "owner", title: "Notes" }]),
    })
  })

  test("without authentication whoever can name a conversation may join it, as a member", async () => {
    const conversation = freshName()
    const ada = await open().connect({ user: "ada" })
    const bob = await open().connect({ user: "bob" })
    await ada.must({ type: "create", key: "k", conversation })
    expect(await bob.refusal({ type: "send", key: "s", conversation, text: "hi" })).toMatchObject({
      code: "not_member",
    })
    expect(await bob.refusal({ type: "member.add", key: "o", conversation, user: "bob", role: "owner" })).toMatchObject(
      {
        code: "forbidden",
      },
    )
    await bob.must({ type: "member.add", key: "j", conversation, user: "bob" })
    await bob.must({ type: "send", key: "s", conversation, text: "hi" })
  })

  test("presence tells when a user's device comes and goes, once however many connections it has", async () => {
    const conversation = freshName()
    const ada = await open().connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
    const log = await ada.follow(conversation)
    const seen = () => log.ephemeral.filter((fact) => fact.type === "presence" && fact.by.user === "bob")
    const first = await open().connect({ user: "bob", device: "laptop" })
    const second = await open().connect({ user: "bob", device: "laptop" })
    await first.follow(conversation)
    await second.follow(conversation)
    expect(await ada.must({ type: "members", conversation })).toMatchObject({
      members: [
        { user: "ada", devices: ["phone"] },
        { user: "bob", devices: ["laptop"] },
      ],
    })
    await first.must({ type: "unsubscribe", conversation })
    second.cut()
    await ada.until("bob has gone", () => seen().length === 2)
    const by = { user: "bob", device: "laptop" }
    expect(seen()).toMatchObject([
      { by, on: true },
      { by, on: false },
    ])
  })

  test("typing reaches the others, has no place in the log, and needs a subscription", async () => {
    const conversation = freshName()
    const [ada, bob] = [await open().connect({ user: "ada" }), await open().connect({ user: "bob" })]
    await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
    const log = await ada.follow(conversation)
    const before = log.cursor
    bob.send({ type: "typing", conversation, on: true })
    expect(await bob.first("error")).toMatchObject({ error: { code: "not_subscribed", field: "conversation" } })
    await bob.follow(conversation)
    bob.send({ type: "typing", conversation, on: true })
    const typing = await ada.first("typing")
    expect(typing).toEqual({ type: "typing", conversation, by: { user: "bob", device: "phone" }, on: true })
    expect(log.cursor).toBe(before)
  })
})
