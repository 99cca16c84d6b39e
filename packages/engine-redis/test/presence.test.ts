/** Who is here, over several engines: some are killed, some only stopped, and the store goes away and comes back. */
import { EngineError, type PresentDevice } from "@everthread/engine"
import { type RedisServer, startRedis, until } from "@everthread/stage"
import { openRedisEngine, type RedisEngine } from "../src/index.ts"
import { presence } from "../src/presence/presence.ts"
import { scripts } from "../src/script.ts"
import type { Store } from "../src/store.ts"
import { type OtherEngine, startOtherEngine } from "./presence-support/other-engine.ts"

const phone: PresentDevice = { user: "ada", device: "phone", node: "node-a" }
const laptop: PresentDevice = { ...phone, device: "laptop" }

let server: RedisServer | undefined
const engines: RedisEngine[] = []
const others: OtherEngine[] = []

beforeAll(async () => {
  server = await startRedis()
})
afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.kill()))
  await Promise.all(engines.splice(0).map((engine) => engine.close()))
  await redis().command("FLUSHALL")
})
afterAll(() => server?.stop())

function redis(): RedisServer {
  if (!server) throw new Error("The server is there within tests only.")
  return server
}

/** An engine here, and what it was told. */
async function engineHere() {
  const engine = await openRedisEngine({ url: redis().url, deadlineMs: 1_000 })
  engines.push(engine)
  const told: string[] = []
  const note =
    (what: string) =>
    (conversation: string, { user, device, node }: PresentDevice) => {
      told.push(`${what} ${conversation} ${user} ${device} ${node}`)
    }
  engine.presence.onGone(note("gone"))
  engine.presence.onBack(note("back"))
  return { presence: engine.presence, engine, told }
}

async function engineElsewhere(): Promise<OtherEngine> {
  const other = await startOtherEngine(redis().url)
  others.push(other)
  return other
}

const keysLeft = async () => ((await redis().command("KEYS", "*")) as string[]).filter((key) => !key.includes(":b:"))

describe("presence on several engines", () => {
  test("[NOD2] a device is here once, on whatever engines its connections are", async () => {
    const [one, two] = [await engineHere(), await engineHere()]
    expect(await one.presence.enter("c", phone)).toBe(true)
    expect(await two.presence.enter("c", { ...phone, node: "node-b" })).toBe(false)
    expect(await two.presence.present("c")).toEqual([phone, { ...phone, node: "node-b" }])
    expect(await one.presence.leave("c", phone)).toBe(false)
    expect(await two.presence.leave("c", { ...phone, node: "node-b" })).toBe(true)
    expect(await one.presence.present("c")).toEqual([])
  })

  test("[NOD2] an engine that closes takes its own with it, and leaves nothing behind", async () => {
    const [one, two] = [await engineHere(), await engineHere()]
    await one.presence.enter("c", phone)
    await two.presence.enter("c", laptop)
    await one.engine.close()
    expect(await two.presence.present("c")).toEqual([laptop])
    await two.engine.close()
    expect(await keysLeft()).toEqual([])
  })
})

describe("an engine that was killed", () => {
  test("[NOD2] is cleared away within seconds; of each device that is gone one survivor is told, once", async () => {
    const [one, two, dead] = [await engineHere(), await engineHere(), await engineElsewhere()]
    const conversations = Array.from({ length: 30 }, (_, index) => `c${index}`)
    for (const conversation of conversations) expect(await dead.enter(conversation, phone)).toBe(true)
    await dead.enter("c0", laptop)
    await one.presence.enter("c0", { ...laptop, node: "node-b" })
    await dead.kill()
    await until("the dead to be cleared away", async () => one.told.length + two.told.length === conversations.length)
    expect([...one.told, ...two.told].sort()).toEqual(conversations.map((c) => `gone ${c} ada phone node-a`).sort())
    for (const { presence } of [one, two]) expect(await presence.present("c0")).toEqual([{ ...laptop, node: "node-b" }])
    await until("the dead to be forgotten", async () => (await redis().cli("HLEN", registryKey)) === "2")
    // The laptop's, by way of the engine that lives.
    expect((await keysLeft()).filter((key) => key.includes(":i:"))).toHaveLength(1)
  })

  test("[NOD2] no more stands in the way of whoever comes back elsewhere, or leaves for good", async () => {
    const [here, dead] = [await engineHere(), await engineElsewhere()]
    await dead.enter("c", phone)
    await here.presence.enter("c", { ...phone, node: "node-b" })
    await dead.kill()
    await until("the dead to be forgotten", async () => (await redis().cli("HLEN", registryKey)) === "1")
    expect(here.told).toEqual([])
    expect(await here.presence.present("c")).toEqual([{ ...phone, node: "node-b" }])
    expect(await here.presence.leave("c", { ...phone, node: "node-b" })).toBe(true)
  })

  test("[NOD2] all of them at once: whoever starts next clears up after them", async () => {
    const dead = [await engineElsewhere(), await engineElsewhere()]
    for (const engine of dead) await engine.enter("c", phone)
    await Promise.all(dead.map((engine) => engine.kill()))
    const next = await engineHere()
    await until("the dead to be cleared away", async () => next.told.length > 0)
    expect(next.told).toEqual(["gone c ada phone node-a"])
    expect(await next.presence.present("c")).toEqual([])
  })
})

describe("an engine that was only stopped", () => {
  test("[NOD2] is taken for gone, and is here again with all it holds when it goes on", async () => {
    const [here, stopped] = [await engineHere(), await engineElsewhere()]
    await stopped.enter("c1", phone)
    await stopped.enter("c2", laptop)
    stopped.signal("SIGSTOP")
    await until("it to be taken for gone", async () => here.told.length === 2)
    expect(await here.presence.present("c1")).toEqual([])
    stopped.signal("SIGCONT")
    await until(
      "it to be back",
      async () => (await here.presence.present("c1")).length + (await here.presence.present("c2")).length === 2,
    )
    expect(await stopped.present("c2")).toEqual([laptop])
    expect(here.told.sort()).toEqual(["gone c1 ada phone node-a", "gone c2 ada laptop node-a"])
    await until("its former name to be forgotten", async () => (await redis().cli("HLEN", registryKey)) === "2")
  })

  test("[NOD2] for a moment loses nothing, and nobody is told", async () => {
    const [here, stopped] = [await engineHere(), await engineElsewhere()]
    await stopped.enter("c", phone)
    stopped.signal("SIGSTOP")
    stopped.signal("SIGCONT")
    expect(await stopped.present("c")).toEqual([phone])
    expect(await here.presence.present("c")).toEqual([phone])
    expect(here.told).toEqual([])
  })
})

describe("a store that was away", () => {
  test("[NOD2] learns what came and went meanwhile, and whoever waits for it is told", async () => {
    const [one, two] = [await engineHere(), await engineHere()]
    await one.presence.enter("c", phone)
    await redis().kill()
    await expect(one.presence.enter("c", laptop)).rejects.toMatchObject({ name: "EngineError" })
    await expect(one.presence.leave("c", phone)).rejects.toMatchObject({ name: "EngineError" })
    await redis().restart()
    await until("the laptop to be here", async () =>
      (await two.presence.present("c")).some(({ device }) => device === "laptop"),
    )
    await until("the phone to be gone", async () => one.told.length === 2)
    expect(await two.presence.present("c")).toEqual([laptop])
    expect(one.told.sort()).toEqual(["back c ada laptop node-a", "gone c ada phone node-a"])
    expect(two.told).toEqual([])
  })

  test("[NOD2] and has forgotten everything is told everything again", async () => {
    const [one, two] = [await engineHere(), await engineHere()]
    for (let index = 0; index < 20; index++) await one.presence.enter(`c${index}`, phone)
    await redis().command("FLUSHALL")
    await until("everybody to be here again", async () => {
      const found = await Promise.all(Array.from({ length: 20 }, (_, index) => two.presence.present(`c${index}`)))
      return found.every((devices) => devices.length === 1)
    })
  })
})

const registryKey = "everthread:{p000}:e:engines"

test("[NOD2] [STO7] where the store's answer was lost, the others are told all the same", async () => {
  const { engine } = await engineHere()
  let lost = 0
  const losing: Store = {
    ...engine.store,
    async run(call) {
      const answer = await engine.store.run(call)
      if (call.script !== scripts.presenceSet || lost === 0) return answer
      lost -= 1
      throw new EngineError("unknown", "no answer came")
    },
  }
  const here = presence(losing, engine.keys)
  const told: string[] = []
  here.onBack((conversation, { device }) => void told.push(`back ${conversation} ${device}`))
  here.onGone((conversation, { device }) => void told.push(`gone ${conversation} ${device}`))
  lost = 1
  await expect(here.enter("c", phone)).rejects.toMatchObject({ code: "unknown" })
  await until("the arrival to be told", async () => told.includes("back c phone"))
  lost = 1
  await expect(here.leave("c", phone)).rejects.toMatchObject({ code: "unknown" })
  await until("the departure to be told", async () => told.includes("gone c phone"))
  await here.close()
  expect(told).toEqual(["back c phone", "gone c phone"])
})
