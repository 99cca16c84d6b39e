/** However a round of faults ends, everything is healed when it is over. */
import { type Clock, systemClock } from "@everthread/protocol"
import type { Deployment } from "../src/deployment/deployment.ts"
import type { Nemesis } from "../src/nemesis/nemesis.ts"
import { wreak } from "../src/run/wreak.ts"

const deployment = {} as Deployment
/** So long that only the test itself ends it. */
const hourMs = 3_600_000

interface Stage {
  readonly done: string[]
  /** Most at a time. */
  most: number
  now: number
}

const stage = (): Stage => ({ done: [], most: 0, now: 0 })

function nemesis(name: string, stage: Stage, change: Partial<Nemesis> = {}): Nemesis {
  return {
    name,
    about: name,
    lastsMs: { least: 0, most: 0 },
    unfit: () => undefined,
    async begin() {
      stage.now += 1
      stage.most = Math.max(stage.most, stage.now)
      stage.done.push(`${name} begins`)
      const heal = async () => {
        stage.now -= 1
        stage.done.push(`${name} heals`)
      }
      return { target: name, what: name, heal }
    },
    ...change,
  }
}

const playing = (planned: Parameters<typeof wreak>[0]["planned"], ms: number, clock: Clock = systemClock) => {
  const told: string[] = []
  const controller = new AbortController()
  const over = wreak({
    deployment,
    seed: 1,
    planned,
    ms,
    clock,
    signal: controller.signal,
    began: (name) => void told.push(`${name} began`),
    ended: ({ nemesis }) => void told.push(`${nemesis} ended`),
    failed: (name, error) => void told.push(`${name} failed: ${error instanceof Error ? error.message : error}`),
  })
  return { told, over, abort: () => controller.abort() }
}

test("what would last longer than the round is healed when the round is over", async () => {
  const on = stage()
  const { told, over } = playing([{ atMs: 0, lastsMs: hourMs, nemesis: nemesis("long", on) }], 200)
  await over
  expect(on.done).toEqual(["long begins", "long heals"])
  expect(told).toEqual(["long began", "long ended"])
})

test("a round that is given up heals what was begun and begins nothing more", async () => {
  const on = stage()
  const planned = [
    { atMs: 0, lastsMs: hourMs, nemesis: nemesis("first", on) },
    { atMs: hourMs / 2, lastsMs: 1, nemesis: nemesis("later", on) },
  ]
  const { told, over, abort } = playing(planned, hourMs)
  await vi.waitFor(() => expect(told).toEqual(["first began"]))
  abort()
  await over
  expect(on.done).toEqual(["first begins", "first heals"])
})

test("no more than three are wrong at a time", async () => {
  const on = stage()
  const names = Array.from({ length: 9 }, (_, index) => `n${index}`)
  const { over, abort } = playing(
    names.map((name) => ({ atMs: 0, lastsMs: 1, nemesis: nemesis(name, on) })),
    hourMs,
  )
  await vi.waitFor(() => expect(on.done.filter((word) => word.endsWith("heals")).length).toBe(9), { timeout: 20_000 })
  expect(on.most).toBe(3)
  abort()
  await over
})

test("one that cannot be made and one that cannot be mended are told, and nothing else is harmed", async () => {
  const on = stage()
  const fail = async () => {
    throw new Error("no way")
  }
  const planned = [
    { atMs: 0, lastsMs: 1, nemesis: nemesis("unmade", on, { begin: fail }) },
    {
      atMs: 0,
      lastsMs: 1,
      nemesis: nemesis("unmended", on, { begin: async () => ({ target: "t", what: "w", heal: fail }) }),
    },
    { atMs: 0, lastsMs: 1, nemesis: nemesis("good", on) },
  ]
  const { told, over, abort } = playing(planned, hourMs)
  await vi.waitFor(() => expect(told).toContain("good ended"))
  await vi.waitFor(() => expect(told).toContain("unmended ended"))
  abort()
  await over
  expect(told).toContain("unmade failed: no way")
  expect(told).toContain("unmended failed: no way")
  expect(on.done).toEqual(["good begins", "good heals"])
})

test("one that finds nothing to hit tries again for as long as the round goes on", async () => {
  const on = stage()
  let tries = 0
  const good = nemesis("late", on)
  const begin: Nemesis["begin"] = async (...given) => (++tries < 3 ? undefined : good.begin(...given))
  const { over, abort } = playing([{ atMs: 0, lastsMs: 1, nemesis: { ...good, begin } }], hourMs)
  await vi.waitFor(() => expect(on.done).toEqual(["late begins", "late heals"]), { timeout: 20_000 })
  expect(tries).toBe(3)
  abort()
  await over
})
