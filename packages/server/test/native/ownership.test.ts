/** A conversation that has members has an owner, and a user has their own, whatever people do at once. */
import type { NativeClient } from "../support/native-client.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests({ secret: "a secret that is long enough for HS256, surely" })
const open = nodeForTests()
let made = 0
const freshName = () => `ownership-${++made}`

const signedIn = async (user: string): Promise<NativeClient> =>
  current().connect({ user, device: "phone", token: await current().token(user) })

const rolesOf = async (device: NativeClient, conversation: string) => {
  const { members } = (await device.must({ type: "members", conversation })) as {
    members: { user: string; role: string }[]
  }
  return Object.fromEntries(members.map(({ user, role }) => [user, role]))
}

test("[CON7] the last owner can neither leave nor step down while others are there", async () => {
  const conversation = freshName()
  const ada = await signedIn("ada")
  await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
  const change = { key: "x", conversation, user: "ada" }
  expect(await ada.refusal({ type: "member.remove", ...change })).toMatchObject({ code: "forbidden" })
  expect(await ada.refusal({ type: "member.add", ...change, role: "member" })).toMatchObject({ code: "forbidden" })
  expect(await rolesOf(ada, conversation)).toEqual({ ada: "owner", bob: "member" })
})

test("[CON7] [LOG3] of two owners who leave at the same moment one stays", async () => {
  for (let round = 0; round < 20; round++) {
    const conversation = freshName()
    const [ada, bob, eve] = await Promise.all([signedIn("ada"), signedIn("bob"), signedIn("eve")])
    await ada.must({ type: "create", key: "k", conversation, members: ["bob", "eve"] })
    await ada.must({ type: "member.add", key: "o", conversation, user: "bob", role: "owner" })
    const leaving = [ada, bob].map((device, index) =>
      device.request({ type: "member.remove", key: "l", conversation, user: index === 0 ? "ada" : "bob" }),
    )
    const replies = (await Promise.all(leaving)).map(({ type }) => type)
    expect(replies.sort()).toEqual(["error", "ok"])
    expect(Object.values(await rolesOf(eve, conversation)).sort()).toEqual(["member", "owner"])
    for (const device of [ada, bob, eve]) device.cut()
  }
})

const ends = ["leaves", "steps down", "removes the other", "demotes the other"] as const

test("[CON7] whatever two owners do to themselves or each other at the same moment, an owner stays", async () => {
  const pairs = ends.flatMap((one) => ends.map((other) => [one, other] as const))
  for (const pair of pairs) {
    const conversation = freshName()
    const [ada, bob, eve] = await Promise.all([signedIn("ada"), signedIn("bob"), signedIn("eve")])
    await ada.must({ type: "create", key: "k", conversation, members: ["bob", "eve"] })
    await ada.must({ type: "member.add", key: "o", conversation, user: "bob", role: "owner" })
    const asked = pair.map((end, index) => {
      const [self, other] = index === 0 ? ["ada", "bob"] : ["bob", "ada"]
      const about = { key: "l", conversation, user: end.endsWith("the other") ? other : self }
      const isRemoval = end === "leaves" || end === "removes the other"
      const what = isRemoval ? { type: "member.remove" } : { type: "member.add", role: "member" }
      return (index === 0 ? ada : bob).request({ ...what, ...about })
    })
    await Promise.all(asked)
    expect(Object.values(await rolesOf(eve, conversation)), pair.join(", ")).toContain("owner")
    for (const device of [ada, bob, eve]) device.cut()
  }
})

test("[AUT3] one's own conversation cannot be left, and so not be lost", async () => {
  const ada = await open().connect({ user: "ada" })
  await ada.must({ type: "create", key: "k", conversation: "~ada" })
  const leave = { type: "member.remove", key: "l", conversation: "~ada", user: "ada" }
  expect(await ada.refusal(leave)).toMatchObject({ code: "forbidden" })
})

test("with authentication off a conversation that everybody has left is open to whoever comes", async () => {
  const conversation = freshName()
  const ada = await open().connect({ user: "ada" })
  await ada.must({ type: "create", key: "k", conversation })
  await ada.must({ type: "member.remove", key: "l", conversation, user: "ada" })
  const bob = await open().connect({ user: "bob" })
  await bob.must({ type: "member.add", key: "j", conversation, user: "bob" })
  expect(await rolesOf(bob, conversation)).toEqual({ bob: "owner" })
})
