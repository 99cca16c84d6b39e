/** Messages that expire, as devices see it: live, coming back, and paging. */
import { freshNonce } from "@everthread/engine"
import { type EventBody, systemRandom } from "@everthread/protocol"
import type { NativeClient } from "../support/native-client.ts"
import { scrape } from "../support/scrape.ts"
import { nodeForTests, type TestNode } from "../support/start-node.ts"

const patiently = { timeout: 20_000 }
const dayMs = 24 * 60 * 60 * 1_000
const weekMs = 7 * dayMs
const soonMs = 20

const swept = nodeForTests({ metrics: {}, retention: { daysMax: 30, sweepMs: soonMs } })
/** Its sweep comes too late for any test: what expires does so because the conversation is live. */
const live = nodeForTests({ retention: { messagesMax: 100, sweepMs: weekMs } })

let made = 0
const by = { user: "ada", device: "laptop" }
const said = (name: string, daysAgo: number): EventBody => {
  const time = Date.now() - daysAgo * dayMs
  return { type: "message", time, by, id: `m-${name}`, key: `k-${name}`, text: `words of ${name}` }
}

/** Writes as of that day, which no client can. */
async function write({ engine }: TestNode, conversation: string, bodies: readonly EventBody[]): Promise<void> {
  const appended = { conversation, nonce: freshNonce(systemRandom), bodies: bodies.map((body) => JSON.stringify(body)) }
  expect(await engine.log.append(appended)).toMatchObject({ status: "appended" })
}

async function room(node: TestNode): Promise<{ ada: NativeClient; conversation: string }> {
  const ada = await node.connect({ user: "ada", device: `laptop-${made}` })
  const conversation = `retained-${++made}`
  await ada.must({ type: "create", key: conversation, conversation, members: ["bob"] })
  return { ada, conversation }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

describe("retention by age", () => {
  test("[RET1] [RET4] a device that follows sees what is old go, and none of it is paged back to", async () => {
    const { ada, conversation } = await room(swept())
    const log = await ada.follow(conversation)
    await write(swept(), conversation, [...range(0, 5).map((at) => said(`old-${at}`, 40)), said("new", 1)])
    await ada.until("the expiry", () => log.state.expiredUpTo !== undefined)
    await ada.until("the last of it", () => log.state.messages.length === 1)
    expect(log.state.messages).toMatchObject([{ id: "m-new" }])
    const page = await ada.must({ type: "history", conversation })
    expect(page).toMatchObject({ messages: [{ id: "m-new" }], more: false })
    expect(log.faults).toEqual([])
  })

  test("[RET1] [RET2] [SUB2] one that was away comes back to the same, wherever it was", async () => {
    const node = swept()
    const { ada, conversation } = await room(node)
    const log = await ada.follow(conversation)
    const bob = await node.connect({ user: "bob", device: "tablet" })
    const away = await bob.follow(conversation)
    const before = away.cursor
    bob.cut()
    await write(node, conversation, [...range(0, 5).map((at) => said(`old-${at}`, 40)), said("new", 1)])
    await ada.until("the last of it", () => log.state.expiredUpTo !== undefined && log.state.messages.length === 1)
    const { engine } = node
    const isTrimmed = async () =>
      (await engine.log.read(conversation, before ?? "", { entriesMax: 1, charsMax: 1 })).status
    await expect.poll(isTrimmed, patiently).toBe("trimmed")
    for (const cursor of [before, undefined, log.cursor]) {
      const device = await node.connect({ user: "bob", device: `again-${cursor ?? "fresh"}` })
      const held = device.log(conversation)
      if (cursor === log.cursor) Object.assign(held, { cursor, state: log.state })
      else if (cursor !== undefined) Object.assign(held, { cursor, state: away.state })
      await device.follow(conversation, cursor)
      expect(held.state).toEqual(log.state)
      expect(held.faults).toEqual([])
      expect(JSON.stringify(device.frames)).not.toContain("words of old")
    }
  })

  test("[RET4] a conversation that nobody has opened since expires, too", async () => {
    const node = swept()
    const { ada, conversation } = await room(node)
    ada.cut()
    await write(
      node,
      conversation,
      range(0, 3).map((at) => said(`unread-${at}`, 40)),
    )
    const stored = async () => (await node.engine.log.snapshot(conversation))?.state ?? ""
    await expect.poll(stored, patiently).toContain('"expiredUpTo"')
    const device = await node.connect({ user: "bob", device: "later" })
    const log = await device.follow(conversation)
    expect(log.state).toMatchObject({ messages: [], messageCount: 0, older: false })
    expect((await scrape(node.port)).value("everthread_expiries_total")).toBeGreaterThan(0)
  })
})

describe("retention by number", () => {
  test("[RET1] where a conversation is live the oldest go when its log is compacted, and pages end where they end", async () => {
    const node = live()
    const { ada, conversation } = await room(node)
    const log = await ada.follow(conversation)
    const names = range(0, 600).map((at) => `n-${at}`)
    for (const from of range(0, 6))
      await write(
        node,
        conversation,
        names.slice(from * 100, from * 100 + 100).map((name) => said(name, 0)),
      )
    await ada.until("the expiry", () => log.state.expiredUpTo !== undefined)
    await ada.until("all of it", () => log.events.filter(({ type }) => type === "message").length === 600)
    const { expiredUpTo = 0 } = log.state
    const kept = log.events.flatMap((event) => (event.type === "message" && event.seq > expiredUpTo ? [event.id] : []))
    expect(kept.length).toBeGreaterThanOrEqual(100)
    expect(kept.length).toBeLessThan(600)
    const { messages, more } = (await ada.must({ type: "history", conversation, limit: 200 })) as {
      messages: { id: string; seq: number }[]
      more: boolean
    }
    expect(messages.map(({ id }) => id)).toEqual(kept.slice(-200))
    expect(messages.every(({ seq }) => seq > expiredUpTo)).toBe(true)
    expect(more).toBe(kept.length > 200)
    expect(log.state.messageCount).toBe(kept.length)
    expect(log.faults).toEqual([])
  })
})
