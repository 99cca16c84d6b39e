/** Virtual time, processes that pause and die in it, and plans that are made smaller. */
import type { PlanStep } from "../src/plan/plan.ts"
import { shrink } from "../src/plan/shrink.ts"
import { Host } from "../src/world/host.ts"
import { Scheduler } from "../src/world/scheduler.ts"
import { seededRandom } from "../src/world/seeded-random.ts"

function world() {
  const scheduler = new Scheduler()
  const told: string[] = []
  const host = (name: string) => new Host(name, scheduler, seededRandom(1))
  return { scheduler, told, host, all: () => scheduler.runUntil(() => false, 10_000) }
}

test("things happen in the order of their time, and of their scheduling where it is the same", async () => {
  const { scheduler, told, all } = world()
  for (const [atMs, name] of [
    [30, "c"],
    [10, "a"],
    [30, "d"],
    [20, "b"],
  ] as const)
    scheduler.after(atMs, () => told.push(name))
  await all()
  expect(told).toEqual(["a", "b", "c", "d"])
  expect(scheduler.nowMs).toBe(10_000)
})

test("before the next thing happens every promise has settled that can", async () => {
  const { scheduler, told, all } = world()
  scheduler.after(1, () => {
    void (async () => {
      for (let turn = 0; turn < 50; turn++) await undefined
      told.push("the promises of the first")
    })()
  })
  scheduler.after(1, () => told.push("the second"))
  await all()
  expect(told).toEqual(["the promises of the first", "the second"])
})

test("what would have happened to a paused process happens when it goes on; to a dead one, never", async () => {
  const { scheduler, told, host, all } = world()
  const [paused, dead] = [host("paused"), host("dead")]
  paused.after(5, () => told.push(`one at ${scheduler.nowMs}`))
  paused.after(7, () => told.push(`two at ${scheduler.nowMs}`))
  dead.after(5, () => told.push("never"))
  paused.pause()
  dead.die()
  scheduler.after(20, () => paused.resume())
  await all()
  expect(told).toEqual(["one at 20", "two at 20"])
})

test("a wall clock jumps, and the one to measure with does not; a timer that was stopped does not fire", async () => {
  const { told, host, all } = world()
  const one = host("one")
  const [wallMs, ownMs] = [one.clock.now(), one.clock.monotonic()]
  one.jump(-3_600_000)
  expect(one.clock.now() - wallMs).toBe(-3_600_000)
  expect(one.clock.monotonic()).toBe(ownMs)
  one.clock.stopTimer(one.clock.startTimer(5, () => told.push("never")))
  await all()
  expect(told).toEqual([])
})

test("a plan is made as small as it can be with what was found in it", async () => {
  const steps = Array.from({ length: 40 }, (_, atMs): PlanStep => ({ atMs, what: { type: "cut device", device: 0 } }))
  const isFound = async (tried: { readonly steps: readonly PlanStep[] }) =>
    [7, 31].every((atMs) => tried.steps.some((step) => step.atMs === atMs))
  const smallest = await shrink({ seed: 1, nodes: 2, devices: [], steps }, isFound)
  expect(smallest.steps.map(({ atMs }) => atMs)).toEqual([7, 31])
})
