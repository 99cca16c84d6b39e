/** What is of the embedded engine alone: what expires, what is swept, and that one request harms no other. */
import { receivedTtlMs } from "@everthread/engine"
import { type Clock, systemClock } from "@everthread/protocol"
import { type EmbeddedEngine, openEmbeddedEngine } from "../src/index.ts"
import { freshFolder } from "./folders.ts"

const keyTtlMs = 1_000

describe("the embedded engine's upkeep", () => {
  let engine: EmbeddedEngine
  let now: number
  const clock: Clock = { ...systemClock, now: () => now }

  beforeEach(async () => {
    now = 1_000_000
    engine = await openEmbeddedEngine({ folder: freshFolder(), clock, keyTtlMs })
    await engine.log.create({ conversation: "c", nonce: "nonceOfBegin", bodies: ["{}"], members: [] })
  })
  afterEach(() => engine.close())

  const send = (key: string, digest = "d") =>
    engine.log.append({ conversation: "c", nonce: `nonceOf${key}`, bodies: ["{}"], idempotency: { key, digest } })
  const keysLeft = () =>
    engine.store.read(({ records }) => [...records.getKeys()].filter((key) => key[0] === 2 || key[1] === "key").length)

  test("[ACK3] a key is remembered for its time to live, and is new again after it", async () => {
    expect(await send("k")).toMatchObject({ status: "appended", seq: 2 })
    now += keyTtlMs - 1
    expect(await send("k")).toMatchObject({ status: "duplicate", seq: 2 })
    now += 1
    expect(await engine.log.repeated("c", "k")).toBeUndefined()
    expect(await send("k", "another body")).toMatchObject({ status: "appended", seq: 3 })
    now += keyTtlMs - 1
    expect(await send("k", "another body")).toMatchObject({ status: "duplicate", seq: 3 })
  })

  test("[ACK3] expired keys are swept while new ones come, and none that still counts", async () => {
    for (let index = 0; index < 20; index++) await send(`old${index}`)
    await send("used again")
    now += keyTtlMs
    await send("used again")
    for (let index = 0; index < 10; index++) await send(`new${index}`)
    expect(keysLeft()).toBe(2 * 11)
    expect(await send("used again")).toMatchObject({ status: "duplicate" })
  })

  test("[SIM3] devices not heard of for 90 days are swept while others come, and none before", async () => {
    const usersLeft = () =>
      engine.store.read(({ records }) => [...records.getKeys()].filter((key) => key[0] === 4).map((key) => key[1]))
    for (let index = 0; index < 20; index++) await engine.sessions.open(`user${index}`, "phone", "s", now, 100)
    now += receivedTtlMs
    for (let index = 0; index < 20; index++) await engine.sessions.open("ada", "phone", "s", now, 100)
    expect(usersLeft()).toHaveLength(21)
    now += 1
    for (let index = 0; index < 20; index++) await engine.sessions.open("ada", "phone", "s", now, 100)
    expect(usersLeft()).toEqual(["ada"])
  })

  test("[LOG3] a request that cannot be stored fails alone, and leaves nothing of itself", async () => {
    const tooLong = "x".repeat(5_000)
    const broken = () =>
      engine.log.append({
        conversation: "c",
        nonce: "nonceOfBroken",
        bodies: ["broken"],
        members: [{ user: tooLong, role: "member" }],
      })
    const results = await Promise.allSettled([send("a"), broken(), send("b"), broken(), send("c")])
    expect(results.map((result) => result.status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ])
    const tail = await engine.log.read("c", "0-0", { entriesMax: 100, charsMax: Number.MAX_SAFE_INTEGER })
    expect(tail.status === "tail" && tail.entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4])
    expect(engine.status()).toEqual({ state: "ready" })
    expect(await send("after")).toMatchObject({ status: "appended", seq: 5 })
  })

  test("[CON4] a closed engine says that it is", async () => {
    await engine.close()
    expect(engine.status()).toMatchObject({ state: "unavailable", reason: expect.stringContaining("closed") })
  })
})
