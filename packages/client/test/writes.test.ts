/** Everything that can be written resolves alike: to its place in the log, and whether it had been there. */
import type { Stored } from "@everthread/protocol"
import type { Client, Conversation } from "../src/index.ts"
import { stored } from "./support/frames.ts"
import { openWorld } from "./support/world.ts"

type Write = (c: Conversation, client: Client) => Promise<Stored>

const writes: Readonly<Record<string, Write>> = {
  send: (c) => c.send("text"),
  edit: (c) => c.edit("m", "text"),
  redact: (c) => c.redact("m"),
  react: (c) => c.react("m", "+1"),
  read: (c) => c.markRead(),
  stop: (c) => c.stop(),
  promote: (c) => c.promote("r"),
  regenerate: (c) => c.regenerate("r"),
  respond: (c) => c.respond("i", true),
  fork: (c) => c.fork(),
  "conversation.update": (c) => c.update({ title: "t" }),
  "member.add": (c) => c.addMember("bob"),
  "member.remove": (c) => c.removeMember("bob"),
  create: (_c, client) => client.create(),
}

describe.each(Object.entries(writes))("%s", (type, write) => {
  test("[ACK3] carries a key, and resolves to its cursor and whether it is a repeat", async () => {
    const { client, sockets } = await openWorld()
    const writing = write(client.conversation("c"), client)
    expect(sockets.newest.last(type).key).toMatch(/^\w{22}$/)
    sockets.newest.answer(type, { ...stored(3), duplicate: true })
    expect(await writing).toMatchObject({ cursor: "3-x", seq: 3, duplicate: true })
  })
})
