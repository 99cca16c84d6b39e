/** What a node allows, and what happens to those who want more: told, slowed, or let go, and nobody else notices. */
import { protocolVersion } from "@everthread/protocol"
import type { CommandType } from "../../src/core/command.ts"
import { limitedBy } from "../../src/core/commands/limited-by.ts"
import { RawPeer } from "../support/raw-peer.ts"
import { type NodeOverrides, startNode, type TestNode } from "../support/start-node.ts"

const running: TestNode[] = []
async function node(overrides: NodeOverrides = {}): Promise<TestNode> {
  const started = await startNode(overrides)
  running.push(started)
  return started
}
afterEach(async () => {
  for (const started of running.splice(0)) await started.stop()
})

describe("limits of a node", () => {
  test("[ERR1] one send too many is refused with how long to wait, and the connection stays", async () => {
    const { connect } = await node({ rateLimit: { sends: 3, windowMs: 600_000 } })
    const ada = await connect({ user: "ada" })
    const tablet = await connect({ user: "ada", device: "tablet" })
    const bob = await connect({ user: "bob" })
    await ada.must({ type: "create", key: "k", conversation: "c", members: ["bob"] })
    const send = (key: string) => ({ type: "send", key, conversation: "c", text: "hello" })
    for (const key of ["1", "2", "3"]) await ada.must(send(key))
    for (const device of [ada, tablet]) {
      const error = await device.refusal(send("4"))
      expect(error).toMatchObject({ code: "rate_limited", retryable: true })
      expect(error.retryAfterMs).toBeGreaterThan(0)
      expect(error.retryAfterMs).toBeLessThanOrEqual(600_000)
    }
    expect(await ada.must(send("3"))).toMatchObject({ duplicate: true })
    await bob.must(send("1"))
  })

  test("[NOD7] [ERR1] changes are limited together, apart from sends, and a repeat of what is stored is not refused", async () => {
    const { connect } = await node({ rateLimit: { changes: 3, windowMs: 600_000 } })
    const ada = await connect({ user: "ada" })
    const bob = await connect({ user: "bob" })
    await ada.must({ type: "create", key: "k", conversation: "c", members: ["bob"] })
    const { ref: message } = await ada.must({ type: "send", key: "1", conversation: "c", text: "hello" })
    const edit = { type: "edit", key: "2", conversation: "c", message, text: "hello!" }
    await ada.must(edit)
    await ada.must({ type: "react", key: "3", conversation: "c", message, reaction: "+", on: true })
    await ada.must({ type: "read", key: "4", conversation: "c", upTo: 1 })
    const more: { readonly [T in CommandType]?: object } = {
      edit: { message, text: "too much" },
      redact: { message },
      react: { message, reaction: "+", on: false },
      read: { upTo: 2 },
      "conversation.update": { title: "too much" },
      "member.add": { user: "eve" },
      "member.remove": { user: "bob" },
      stop: {},
      promote: { run: "r" },
      respond: { interrupt: "i", value: 1 },
    }
    const limited = Object.entries(limitedBy).filter(([type, by]) => by === "changes" && type !== "typing")
    expect(Object.keys(more).sort()).toEqual(limited.map(([type]) => type).sort())
    for (const [type, fields] of Object.entries(more)) {
      const error = await ada.refusal({ type, key: `more-${type}`, conversation: "c", ...fields })
      expect(error, type).toMatchObject({ code: "rate_limited", retryable: true })
    }
    expect(await ada.must(edit)).toMatchObject({ duplicate: true })
    await ada.must({ type: "send", key: "5", conversation: "c", text: "still here" })
    await bob.must({ type: "react", key: "3", conversation: "c", message, reaction: "+", on: true })
  })

  test("[NOD7] of typing that is too much nobody is told, its device neither", async () => {
    const { connect } = await node({ rateLimit: { changes: 1, windowMs: 600_000 } })
    const ada = await connect({ user: "ada" })
    const bob = await connect({ user: "bob" })
    await ada.must({ type: "create", key: "k", conversation: "c", members: ["bob"] })
    for (const device of [ada, bob]) await device.follow("c")
    for (const on of [true, false, true]) ada.send({ type: "typing", conversation: "c", on })
    await ada.must({ type: "send", key: "1", conversation: "c", text: "hello" })
    await bob.until("the message", () => bob.log("c").state.messages.length === 1)
    expect(bob.frames.filter(({ type }) => type === "typing")).toHaveLength(1)
    expect(ada.frames.filter(({ type }) => type === "error")).toEqual([])
  })

  test("[ERR2] one connection too many is told so and may come back; those that are there stay", async () => {
    const { connect, open } = await node({ websocket: { connectionsPerUserMax: 2 } })
    const devices = [await connect({ user: "ada" }), await connect({ user: "ada", device: "tablet" })]
    const third = await open()
    third.send({ type: "hello", protocol: protocolVersion, user: "ada", device: "laptop" })
    expect(await third.first("error")).toMatchObject({ error: { code: "limit_reached", limit: 2 } })
    expect(await third.closed).toEqual({ code: 4429, reason: "limit_reached" })
    for (const device of devices) await device.must({ type: "ping" })
    devices[0]?.cut()
    // The node hears of the loss by itself; whoever comes back tries until it has.
    for (let isIn = false; !isIn; ) {
      const again = await open()
      again.send({ type: "hello", protocol: protocolVersion, user: "ada", device: "laptop" })
      isIn = await again.find("an answer", ({ type }) =>
        type === "welcome" ? true : type === "error" ? false : undefined,
      )
    }
    await connect({ user: "bob" })
  })

  test("one subscription too many is refused, and one fewer makes room", async () => {
    const { connect } = await node({ websocket: { subscriptionsMax: 2 } })
    const ada = await connect({ user: "ada" })
    for (const conversation of ["a", "b", "c"]) await ada.must({ type: "create", key: "k", conversation })
    await ada.follow("a")
    await ada.follow("b")
    expect(await ada.refusal({ type: "subscribe", conversation: "c" })).toMatchObject({
      code: "limit_reached",
      limit: 2,
      field: "conversation",
    })
    await ada.follow("b")
    await ada.must({ type: "unsubscribe", conversation: "a" })
    expect(await ada.refusal({ type: "unsubscribe", conversation: "a" })).toMatchObject({ code: "not_subscribed" })
    await ada.follow("c")
  })

  test("[DLV3] a device that does not read is let go, the others get everything, and it resumes", async () => {
    const { connect, engine } = await node({ websocket: { outboxBytesMax: 65_536 } })
    const ada = await connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation: "c", members: ["bob"] })
    const slow = await connect({ user: "bob", device: "slow" })
    const held = await slow.follow("c")
    const log = await ada.follow("c")
    slow.socket.pause()
    const by = { user: "ada", device: "phone" }
    // More than what any kernel keeps for a socket that nobody reads.
    let seq = 3
    for (let batch = 0; batch < 60; batch++) {
      const bodies = Array.from({ length: 10 }, (_, at) => {
        const name = `m${batch}-${at}`
        return JSON.stringify({ type: "message", time: 1, by, id: name, key: name, text: "x".repeat(20_000) })
      })
      await engine.log.append({ conversation: "c", nonce: `batch${String(batch).padStart(5, "0")}`, bodies })
      seq += bodies.length
    }
    await ada.until("everything", () => log.seq === seq)
    slow.socket.resume()
    expect(await slow.closed).toEqual({ code: 4408, reason: "slow_consumer" })
    expect(log.faults).toEqual([])
    expect(held.faults).toEqual([])
    expect(held.seq).toBeLessThan(seq)
    const again = await connect({ user: "bob", device: "slow" })
    const rest = again.log("c")
    Object.assign(rest, { cursor: held.cursor, state: held.state })
    await again.follow("c", held.cursor)
    expect(rest.faults).toEqual([])
    expect(rest.state).toEqual(log.state)
  })

  test("[CON4] a node that drains tells its connections to come back, takes no new ones, and keeps what it acknowledged", async () => {
    const first = await node()
    const second = await node({ engine: first.engine, node: "node-b" })
    const ada = await first.connect({ user: "ada" })
    await ada.must({ type: "create", key: "k", conversation: "c" })
    const log = await ada.follow("c")
    const acks: number[] = []
    const sends = Array.from({ length: 200 }, (_, at) =>
      ada.must({ type: "send", key: `m${at}`, conversation: "c", text: `${at}` }).then(
        ({ seq }) => acks.push(seq as number),
        () => undefined,
      ),
    )
    await ada.until("some acks", () => acks.length > 20)
    const draining = first.server.drain(5_000)
    expect(await ada.closed).toEqual({ code: 4503, reason: "draining" })
    await Promise.all(sends)
    await draining
    await expect(first.open()).rejects.toThrow()
    expect(first.server.connections()).toBe(0)
    const again = await second.connect({ user: "ada" })
    const rest = again.log("c")
    rest.cursor = log.cursor
    await again.follow("c")
    const seqs = [...log.events, ...rest.events].map(({ seq }) => seq)
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, at) => at + 1))
    for (const seq of acks) expect(seqs).toContain(seq)
    // What got no answer is sent again: each is one event all the same.
    for (let at = 0; at < 200; at++) await again.must({ type: "send", key: `m${at}`, conversation: "c", text: `${at}` })
    await again.until("all of them", () => rest.seq === 202)
    expect([...log.texts, ...rest.texts]).toHaveLength(200)
  })

  test("[CON4] a peer that does not answer the goodbye does not hold a drain up beyond its time", async () => {
    const { port, server, open } = await node()
    const polite = await open()
    const rude = await RawPeer.open(port)
    await server.drain(50)
    expect((await polite.closed).code).toBe(4503)
    rude.destroy()
  })
})
