/** A client of the simple protocol that comes back to another node than the one it was on. */
import { contents, SimpleClient, texts } from "../simple/support/simple-client.ts"
import type { TestNode } from "../support/start-node.ts"
import { twoNodes } from "./two-nodes.ts"

const nodes = twoNodes({ websocket: { sessionTtlMs: 300_000 } })

let made = 0
const fresh = (what: string) => `${what}-${++made}`

async function connect(node: TestNode, user: string, conversation_id: string, pongs = true) {
  const client = await SimpleClient.open(`ws://127.0.0.1:${node.port}/ws`, { pongs })
  return { client, greeting: await client.hello(user, "phone", { conversation_id }) }
}

describe("on another node", () => {
  test("[SIM2] [SIM3] [NOD1] the session is the same, and what was missed comes first, in order", async () => {
    const { a, b } = nodes()
    const room = fresh("room")
    const [ann, bob] = [await connect(a, "ann", room), await connect(a, "bob", room, false)]
    expect(bob.greeting).toMatchObject({ recovered: false, server_id: "node-a", message_count: 0 })
    await ann.client.text("one", "m1")
    await bob.client.next("text")
    await bob.client.pong()
    await ann.client.text("two", "m2")
    const [unconfirmed] = [await bob.client.next("text")]
    await bob.client.close()
    for (const index of [3, 4, 5]) await ann.client.text(`text ${index}`, `m${index}`)

    const back = await connect(b, "bob", room)
    expect(back.greeting).toMatchObject({
      session_id: bob.greeting["session_id"],
      recovered: true,
      server_id: "node-b",
      conversation_id: room,
      message_count: 5,
    })
    await ann.client.text("live", "m6")
    const frames = await back.client.upTo((frame) => frame["content"] === "live")
    // What was shown and not confirmed comes once more, as it was.
    expect(frames[0]).toEqual(unconfirmed)
    expect(contents(frames)).toEqual(["two", "text 3", "text 4", "text 5"])
    expect(frames).toEqual(texts(frames))
    const seqs = frames.map((frame) => Number(frame["seq"]))
    expect(seqs).toEqual([...seqs].sort((x, y) => x - y))
  })

  test("[SIM2] [SIM3] going to and fro between nodes loses nothing, repeats nothing and keeps the session", async () => {
    const { a, b } = nodes()
    const room = fresh("room")
    const ann = await connect(b, "ann", room)
    const first = await connect(a, "bob", room)
    const got: unknown[] = []
    const sessions = new Set([first.greeting["session_id"]])
    let bob = first.client
    for (let turn = 0; turn < 6; turn++) {
      await ann.client.text(`live ${turn}`, `l${turn}`)
      got.push((await bob.next("text"))["content"])
      await bob.settled()
      await bob.close()
      await ann.client.text(`away ${turn}`, `a${turn}`)
      const again = await connect(turn % 2 === 0 ? b : a, "bob", room)
      expect(again.greeting).toMatchObject({ recovered: true, message_count: 2 * turn + 2 })
      sessions.add(again.greeting["session_id"])
      bob = again.client
      got.push((await bob.next("text"))["content"])
    }
    expect(got).toEqual(Array.from({ length: 6 }, (_, turn) => [`live ${turn}`, `away ${turn}`]).flat())
    expect(sessions.size).toBe(1)
  })

  test("[ACK3] a text that is sent again to another node is one message, whose ack says so", async () => {
    const { a, b } = nodes()
    const room = fresh("room")
    const one = await connect(a, "ann", room)
    const first = await one.client.text("once", "m1")
    await one.client.close()
    const two = await connect(b, "ann", room)
    const again = await two.client.text("once", "m1")
    expect(again).toMatchObject({ type: "ack", duplicate: true, seq: first["seq"], cursor: first["cursor"] })
    expect(two.greeting).toMatchObject({ message_count: 1, recovered: true })
  })

  test("[SIM3] [NOD1] both nodes tell the same of a conversation, in the same order", async () => {
    const { a, b } = nodes()
    const room = fresh("room")
    const [ann, bob] = [await connect(a, "ann", room), await connect(b, "bob", room)]
    const readers = [await connect(a, "eve", room), await connect(b, "zoe", room)]
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 2 ? ann : bob).client.text(`t${index}`, `m${index}`)),
    )
    await ann.client.text("end", "end")
    const seen = await Promise.all(readers.map(({ client }) => client.upTo((frame) => frame["content"] === "end")))
    expect(seen[0]).toHaveLength(30)
    expect(seen[0]).toEqual(seen[1])
    expect(await bob.client.command("status")).toMatchObject({ server_id: "node-b" })
  })
})
