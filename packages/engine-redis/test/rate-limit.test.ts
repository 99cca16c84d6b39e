/** Limits on several engines of one Redis, with a store that goes away and a clock that jumps. */
import type { RateLimiter } from "@everthread/engine"
import { type RedisServer, startRedis, until } from "@everthread/stage"
import { openRedisEngine, type RedisEngine } from "../src/index.ts"

let server: RedisServer | undefined
const engines: RedisEngine[] = []

beforeEach(async () => {
  server = await startRedis()
})
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()))
  await server?.stop()
})

function redis(): RedisServer {
  if (!server) throw new Error("The server is there within tests only.")
  return server
}

const rule = { name: "sends", max: 6, windowMs: 3_600_000 }

async function limitElsewhere(max = rule.max) {
  const engine = await openRedisEngine({ url: redis().url })
  engines.push(engine)
  return engine.rateLimit({ ...rule, max })
}

const timesKey = async () => ((await redis().command("KEYS", "*:t:*")) as string[])[0] ?? ""
async function callsOf(command: string): Promise<number> {
  const counts = String(await redis().command("INFO", "commandstats"))
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(counts)?.[1] ?? 0)
}
const serverNowMs = async () => Number(((await redis().command("TIME")) as string[])[0]) * 1_000

describe("a limit on several engines", () => {
  test("[NOD3] is one limit: together they allow no more than it says", async () => {
    const limits = [await limitElsewhere(), await limitElsewhere(), await limitElsewhere()]
    const waits = await Promise.all(Array.from({ length: 30 }, (_, index) => limits[index % 3]?.take("ada")))
    expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(rule.max)
  })

  test("[NOD3] lets at most one too many through for each further node, where others used up what it knew to be left", async () => {
    const [one, other, third] = [await limitElsewhere(), await limitElsewhere(), await limitElsewhere()]
    const taken = async (limit: RateLimiter) => (await limit.take("ada")) === 0
    let count = 0
    for (const limit of [one, other]) if (await taken(limit)) count += 1
    // Both know that plenty was left; the third one takes all of it.
    while (await taken(third)) count += 1
    expect(count).toBe(rule.max)
    for (const limit of [one, other]) while (await taken(limit)) count += 1
    expect(count).toBeLessThanOrEqual(rule.max + 2)
    // What was too much is in the count, too.
    await until("all is counted", async () => (await redis().command("LLEN", await timesKey())) === rule.max)
  })

  test("[NOD3] does not wait for the count while plenty is left, and does for the last of it", async () => {
    const limit = await limitElsewhere()
    for (let count = 0; count < 2; count++) await limit.take("ada")
    await until("both are counted", async () => (await redis().command("LLEN", await timesKey())) === 2)
    await redis().freeze()
    expect(await limit.take("ada")).toBe(0)
    const next = limit.take("ada")
    redis().thaw()
    expect(await next).toBe(0)
    await until("all are counted", async () => (await redis().command("LLEN", await timesKey())) === 4)
  })

  test("[NOD3] counts many users in one call, each for himself", async () => {
    const limit = await limitElsewhere()
    const users = Array.from({ length: 60 }, (_, user) => `user-${user}`)
    await Promise.all(users.map((user) => limit.take(user)))
    await until("all are counted once", async () => (await callsOf("rpush")) >= users.length)
    const scripts = await callsOf("evalsha")
    expect(await Promise.all(users.map((user) => limit.take(user)))).toEqual(users.map(() => 0))
    await until("all are counted twice", async () => (await callsOf("rpush")) >= 2 * users.length)
    expect((await callsOf("evalsha")) - scripts).toBeLessThan(users.length / 2)
  })

  test("holds no more of a user than the limit, and nothing of one who did nothing for a window", async () => {
    const limit = await limitElsewhere()
    for (let count = 0; count < 20; count++) await limit.take("ada")
    expect(await redis().command("LLEN", await timesKey())).toBe(rule.max)
    const lifeMs = Number(await redis().command("PTTL", await timesKey()))
    expect(lifeMs).toBeGreaterThan(0)
    expect(lifeMs).toBeLessThanOrEqual(rule.windowMs)
  })

  test("begins anew where the server's clock was set back, instead of waiting until it has caught up", async () => {
    const limit = await limitElsewhere(2)
    for (let count = 0; count < 2; count++) expect(await limit.take("ada")).toBe(0)
    await until("both are counted", async () => (await redis().command("LLEN", await timesKey())) === 2)
    const ahead = (await serverNowMs()) + 10 * rule.windowMs
    const key = await timesKey()
    await redis().command("DEL", key)
    await redis().command("RPUSH", key, ahead, ahead)
    expect(await limit.take("ada")).toBe(0)
    expect(await limit.take("ada")).toBe(0)
    expect(await limit.take("ada")).toBeGreaterThan(0)
  })
})

describe("a store that is away", () => {
  test("[NOD3] leaves each engine its own count: nobody waits, nobody is unlimited, nobody gets an error", async () => {
    const limit = await limitElsewhere()
    for (let count = 0; count < rule.max; count++) await limit.take("ada")
    await redis().kill()
    const waits: number[] = []
    for (let count = 0; count < rule.max + 2; count++) waits.push(await limit.take("ada"))
    expect(waits.map((waitMs) => waitMs > 0)).toEqual([...Array(rule.max).fill(false), true, true])
    await redis().restart()
    await until("the shared count to be back", async () => (await limit.take("eve")) === 0 && (await timesKey()) !== "")
  })

  test("[NOD3] and gives no answer: this engine's count decides before a call is given up that was there first", async () => {
    const limit = await limitElsewhere(1)
    await redis().freeze()
    const givenUp = engines[0]?.directory.role("c", "ada").then(
      () => "answered",
      () => "given up",
    )
    expect(await Promise.race([givenUp, limit.take("ada")])).toBe(0)
    expect(await Promise.race([givenUp, limit.take("ada").then((waitMs) => waitMs > 0)])).toBe(true)
    redis().thaw()
    await givenUp
  })
})
