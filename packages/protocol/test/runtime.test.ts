import { systemClock, systemRandom } from "@everthread/protocol"
import { expect, test } from "vitest"

test("an id has the length asked for and only letters and digits", () => {
  for (const length of [0, 1, 8, 21, 32, 500]) {
    expect(systemRandom.id(length)).toMatch(new RegExp(`^[0-9A-Za-z]{${length}}$`))
  }
})

test("ids differ", () => {
  const ids = Array.from({ length: 2_000 }, () => systemRandom.id(12))
  expect(new Set(ids).size).toBe(ids.length)
})

test("no character of an id is more likely than another", () => {
  const counts = new Map<string, number>()
  const draws = 620_000
  const ids = Array.from({ length: draws / 1_000 }, () => systemRandom.id(1_000))
  for (const char of ids.join("")) counts.set(char, (counts.get(char) ?? 0) + 1)
  // 10,000 expected of each, with a standard deviation of 99: six of them are never seen by chance, while
  // taking a byte modulo 62 would favour the first eight characters by 2,400.
  expect(counts.size).toBe(62)
  for (const count of counts.values()) expect(Math.abs(count - draws / 62)).toBeLessThan(600)
})

test("a fraction lies in [0, 1)", () => {
  for (let draw = 0; draw < 1_000; draw++) {
    const fraction = systemRandom.fraction()
    expect(fraction >= 0 && fraction < 1).toBe(true)
  }
})

test("the monotonic clock never goes back", () => {
  const first = systemClock.monotonic()
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(first)
})

test("a timer fires once, a stopped one does not, and stopping twice does nothing", async () => {
  const fired: string[] = []
  const stopped = systemClock.startTimer(0, () => fired.push("stopped"))
  systemClock.stopTimer(stopped)
  systemClock.stopTimer(stopped)
  const idle = setInterval(() => {}, 1_000)
  await new Promise<void>((resolve) => {
    const timer = systemClock.startTimer(1, () => {
      fired.push("fired")
      resolve()
    })
    expect(timer).toBeTypeOf("object")
  })
  clearInterval(idle)
  expect(fired).toEqual(["fired"])
})

test("the end of the tick comes after what is queued in it", async () => {
  const order: string[] = []
  await new Promise<void>((resolve) => {
    systemClock.endOfTick(() => {
      order.push("end of tick")
      resolve()
    })
    queueMicrotask(() => order.push("microtask"))
    order.push("now")
  })
  expect(order).toEqual(["now", "microtask", "end of tick"])
})
