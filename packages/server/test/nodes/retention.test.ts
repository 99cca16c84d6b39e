/** Messages that expire where two nodes share a Redis: one event, the same on both, and nothing left in any key. */
import { freshNonce } from "@everthread/engine"
import { type EventBody, systemRandom } from "@everthread/protocol"
import { rawRedis } from "../support/raw-store.ts"
import { twoNodes } from "./two-nodes.ts"

const patiently = { timeout: 50_000 }
const dayMs = 24 * 60 * 60 * 1_000
const current = twoNodes({ retention: { daysMax: 30, sweepMs: 20 } })

const by = { user: "ada", device: "laptop" }
const said = (name: string, daysAgo: number): EventBody => {
  const time = Date.now() - daysAgo * dayMs
  return { type: "message", time, by, id: `m-${name}`, key: `k-${name}`, text: `words of ${name}.` }
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

test("[RET1] [RET2] [RET4] [NOD1] two nodes that sweep say it once, both devices see it, and its text is in no key", async () => {
  const { a, b, redis } = current()
  const [ada, bob] = await Promise.all([a.connect({ user: "ada" }), b.connect({ user: "bob" })])
  const conversation = "shared"
  await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
  const logs = await Promise.all([ada.follow(conversation), bob.follow(conversation)])
  const bodies = [
    ...range(0, 250).map((at) => said(`old-${at}`, 40)),
    ...range(0, 10).map((at) => said(`new-${at}`, 1)),
  ]
  const append = { conversation, nonce: freshNonce(systemRandom), bodies: bodies.map((body) => JSON.stringify(body)) }
  expect(await a.engine.log.append(append)).toMatchObject({ status: "appended" })
  const isDone = (log: (typeof logs)[number]) => log.state.messages.length === 10 && !log.state.older
  await ada.until("the expiry", () => isDone(logs[0]))
  await bob.until("the expiry", () => isDone(logs[1]))
  expect(logs[0].state).toEqual(logs[1].state)
  for (const log of logs) expect(log.events.filter(({ type }) => type === "expired")).toHaveLength(1)
  expect(logs.flatMap((log) => log.faults)).toEqual([])
  await expect.poll(() => rawRedis(redis), patiently).not.toContain("words of old")
  expect(await rawRedis(redis)).toContain("words of new-0.")
  for (const device of [ada, bob]) {
    const page = (await device.must({ type: "history", conversation, limit: 200 })) as { messages: unknown[] }
    expect(page).toMatchObject({ more: false })
    expect(page.messages).toHaveLength(10)
  }
})

test("[RET4] conversations of every partition are swept, though nobody opens them", async () => {
  const { a, redis } = current()
  const conversations = range(0, 60).map((at) => `unopened-${at}`)
  for (const conversation of conversations) {
    const bodies = [{ type: "conversation.created", time: 0, by }, said(`of ${conversation}`, 40), said("kept", 0)]
    const texts = bodies.map((body) => JSON.stringify(body))
    await a.engine.log.create({ conversation, nonce: freshNonce(systemRandom), bodies: texts, members: [] })
  }
  await expect.poll(() => rawRedis(redis), patiently).not.toContain("words of of unopened")
  for (const conversation of conversations)
    expect((await a.engine.log.snapshot(conversation))?.state).toContain("words of kept.")
}, 30_000)
