/** The arithmetic that every figure of the bench goes through. */
import { drive } from "../src/measure/lanes.ts"
import { mustAllowConnections } from "../src/measure/open-files.ts"
import { inRounds, mustGetSamples, together } from "../src/measure/rounds.ts"
import { percentileOf, ratioOf, spreadOf } from "../src/measure/spread.ts"

describe("what several rounds come to", () => {
  test("the middle one, or half-way between the middle two", () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 })
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 })
    expect(() => spreadOf([])).toThrow("nothing")
  })

  test("ratios are taken round by round, so that a slow round counts once", () => {
    // Ten times slower in the second round, both of them: twice is what it is in each.
    expect(ratioOf([2, 20, 4], [1, 10, 2])).toEqual({ median: 2, min: 2, max: 2 })
  })

  test("percentiles of what is sorted", () => {
    const sorted = Array.from({ length: 100 }, (_, index) => index + 1)
    expect(percentileOf(sorted, 0.5)).toBe(50)
    expect(percentileOf(sorted, 0.99)).toBe(99)
    expect(percentileOf([7], 0.99)).toBe(7)
  })
})

test("every round has every contestant, and each round begins with another one", async () => {
  const order: string[] = []
  const contestants = ["a", "b", "c"].map((name) => ({ name, run: async () => order.push(name) }))
  const samples = await inRounds(3, contestants, () => undefined)
  expect(order.join("")).toBe("abcbcacab")
  expect(mustGetSamples(samples, "a")).toEqual([1, 6, 8])
  expect(() => mustGetSamples(samples, "d")).toThrow("d")
})

describe("lanes", () => {
  test("so many under way, never more, until so many are done", async () => {
    let underWay = 0
    let most = 0
    let done = 0
    const busy = new Set<number>()
    await drive(4, 30, async (lane) => {
      expect(busy.has(lane)).toBe(false)
      busy.add(lane)
      most = Math.max(most, ++underWay)
      await Promise.resolve()
      underWay -= 1
      done += 1
      busy.delete(lane)
    })
    expect([most, done]).toEqual([4, 30])
  })

  test("an operation that fails fails the measurement", async () => {
    await expect(drive(2, 10, async () => Promise.reject(new Error("fenced")))).rejects.toThrow("fenced")
  })
})

describe("open files", () => {
  test("that do not do for all connections are said before the first is opened, and what to do", () => {
    expect(() => mustAllowConnections(10_000, 1_024)).toThrow(/10000 connections need 10200 .* 1024 .* ulimit -n 10200/)
    expect(() => mustAllowConnections(10_000, 20_000)).not.toThrow()
  })

  test("are asked of the machine", () => {
    expect(() => mustAllowConnections(1)).not.toThrow()
    expect(() => mustAllowConnections(1e12)).toThrow("are allowed here")
  })
})

test("contestants who mostly wait take each round together, and each of them every round", async () => {
  let present = 0
  let most = 0
  const run = async () => {
    present += 1
    most = Math.max(most, present)
    await new Promise((resolve) => setImmediate(resolve))
    present -= 1
    return most
  }
  const said: string[] = []
  const samples = await together(
    2,
    [
      { name: "a", run },
      { name: "b", run },
    ],
    (text) => said.push(text),
  )
  expect(most).toBe(2)
  expect([...samples].map(([name, all]) => [name, all.length])).toEqual([
    ["a", 2],
    ["b", 2],
  ])
  expect(said).toHaveLength(2)
})
