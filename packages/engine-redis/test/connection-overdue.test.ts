/** When a server counts as silent: by looks between which this process could read, not by its clock. */
import { ManualClock } from "../../../test/support/manual-clock.ts"
import { overdueWatch } from "../src/connection/overdue.ts"

function watched() {
  const clock = new ManualClock()
  const fired: number[] = []
  const beganAt = clock.monotonic()
  const watch = overdueWatch(clock, 800, () => fired.push(clock.monotonic() - beganAt))
  return { clock, watch, fired }
}

test("a call that is not answered is overdue after its deadline and one look more, once", async () => {
  const { clock, watch, fired } = watched()
  watch.asked()
  await clock.advance(10_000)
  expect(fired).toEqual([900])
})

test("a busy connection is never overdue while each call is answered in time", async () => {
  const { clock, watch, fired } = watched()
  watch.asked()
  for (let turn = 0; turn < 100; turn++) {
    await clock.advance(250)
    watch.asked()
    await clock.advance(250)
    watch.answered()
  }
  expect(fired).toEqual([])
})

test("the oldest call counts, however many were asked after it", async () => {
  const { clock, watch, fired } = watched()
  for (let turn = 0; turn < 10; turn++) {
    watch.asked()
    await clock.advance(100)
  }
  expect(fired).toHaveLength(1)
})

test("looks are counted and not time: a process that was stopped for an hour has looked once", () => {
  const looks: (() => void)[] = []
  const clock = new ManualClock()
  clock.startTimer = (_, run) => {
    looks.push(run)
    return run
  }
  let fired = 0
  const watch = overdueWatch(clock, 800, () => fired++)
  watch.asked()
  for (let look = 0; look < 8; look++) looks.shift()?.()
  expect(fired).toBe(0)
  looks.shift()?.()
  expect(fired).toBe(1)
})

test("nothing is looked for while nothing is asked, and a stopped watch says nothing", async () => {
  const { clock, watch, fired } = watched()
  expect(clock.timers).toBe(0)
  watch.asked()
  watch.answered()
  await clock.advance(1_000)
  expect(clock.timers).toBe(0)
  watch.asked()
  watch.stop()
  await clock.advance(10_000)
  expect(fired).toEqual([])
})
