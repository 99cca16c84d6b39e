/** Sessions on several engines of one Redis: a device comes back anywhere, and a store that is away loses nothing. */
import { type RedisServer, startRedis, until } from "@everthread/stage"
import { openRedisEngine, type RedisEngine } from "../src/index.ts"

const ttlMs = 60_000
const begin = 1_700_000_000_000

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

async function engine(): Promise<RedisEngine> {
  const opened = await openRedisEngine({ url: redis().url, deadlineMs: 1_000 })
  engines.push(opened)
  return opened
}

const received = (seq: number) => new Map([["c", `${seq}-abc`]])

/** Where the store says that the device is. */
const placeOf = async () => {
  const [key = ""] = (await redis().command("KEYS", "*:d:*")) as string[]
  return redis().command("HGET", key, "c:c")
}

describe("sessions on several engines", () => {
  test("[SIM2] [NOD1] a device comes back to its session, and to its place, on another engine", async () => {
    const [one, two] = [await engine(), await engine()]
    await one.sessions.open("ada", "phone", "s1", begin, ttlMs)
    await one.sessions.touch("ada", "phone", begin + 1, ttlMs, received(3))
    expect(await two.sessions.open("ada", "phone", "s2", begin + 2, ttlMs)).toEqual({
      sessionId: "s1",
      recovered: true,
      received: received(3),
      lastActive: begin + 1,
    })
  })

  test("[SIM2] of many that open it at once all get one session", async () => {
    const both = [await engine(), await engine()]
    const opened = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        both[index % 2]?.sessions.open("ada", "phone", `s${index}`, begin, ttlMs),
      ),
    )
    expect(new Set(opened.map((session) => session?.sessionId)).size).toBe(1)
    expect(opened.filter((session) => session?.recovered === false)).toHaveLength(1)
  })

  test("[SIM3] what the server keeps of a device goes 90 days after its last word, and each word begins them anew", async () => {
    const one = await engine()
    const lifeMs = async () => {
      const [key = ""] = (await redis().command("KEYS", "*:d:*")) as string[]
      return Number(await redis().command("PTTL", key))
    }
    await one.sessions.open("ada", "phone", "s1", begin, ttlMs)
    const days = 24 * 60 * 60 * 1_000
    expect(Math.ceil((await lifeMs()) / days)).toBe(90)
    await redis().command("PEXPIRE", ((await redis().command("KEYS", "*:d:*")) as string[])[0] ?? "", 60_000)
    await one.sessions.touch("ada", "phone", begin, ttlMs, new Map())
    expect(Math.ceil((await lifeMs()) / days)).toBe(90)
  })
})

describe("a store that is away for a while", () => {
  test("[SIM3] is told afterwards what devices have received, the newest of it", async () => {
    const one = await engine()
    await one.sessions.open("ada", "phone", "s1", begin, ttlMs)
    await redis().kill()
    for (const seq of [1, 2, 3]) await one.sessions.touch("ada", "phone", begin + seq, ttlMs, received(seq))
    await redis().restart()
    await until("the touch to be written", async () => (await placeOf()) === "3-abc")
  })

  test("[SIM3] a place that was told while an older one waited is not overwritten by it", async () => {
    const one = await engine()
    await one.sessions.open("ada", "phone", "s1", begin, ttlMs)
    await redis().kill()
    await one.sessions.touch("ada", "phone", begin, ttlMs, received(1))
    await redis().restart()
    await until("the session to be there", async () => {
      await one.sessions.touch("ada", "phone", begin + 1, ttlMs, received(2))
      return (await placeOf()) !== null
    })
    const back = await one.sessions.open("ada", "phone", "s2", begin + 2, ttlMs)
    expect(back).toMatchObject({ sessionId: "s1", received: received(2) })
  })

  test("[CON4] what waits is written before the engine is closed", async () => {
    const [one, two] = [await engine(), await engine()]
    await one.sessions.open("ada", "phone", "s1", begin, ttlMs)
    const touched = one.sessions.touch("ada", "phone", begin, ttlMs, received(7))
    await one.close()
    await touched
    expect(await two.sessions.open("ada", "phone", "s2", begin, ttlMs)).toMatchObject({ received: received(7) })
  })
})
