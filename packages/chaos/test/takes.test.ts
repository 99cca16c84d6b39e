/** Nothing is harmed by two at once. */
import { seededRandom } from "@everthread/sim"
import { Takes } from "../src/deployment/takes.ts"
import { takeOne } from "../src/nemesis/take-one.ts"

const takes = () => new Takes(["redis-1", "redis-2"])

test("what somebody has nobody else gets, until it is given back", () => {
  const all = takes()
  const giveBack = all.take("node-1")
  expect(all.take("node-1")).toBeUndefined()
  expect(all.take("node-2")).toBeDefined()
  giveBack?.()
  expect(all.take("node-1")).toBeDefined()
})

test("who has the whole store has its servers, and the other way round", () => {
  const all = takes()
  const giveBack = all.take("store")
  expect(all.take("redis-1")).toBeUndefined()
  expect(all.take("node-1")).toBeDefined()
  giveBack?.()
  const one = all.take("redis-1")
  expect(all.take("redis-2")).toBeDefined()
  expect(all.take("store")).toBeUndefined()
  one?.()
  expect(all.take("store")).toBeUndefined()
})

test("one of many is whatever is free, and nothing where all are taken", () => {
  const all = takes()
  const candidates = ["a", "b", "c"].map((name) => ({ name }))
  const random = seededRandom(3)
  const taken = [1, 2, 3].map(() => takeOne(all, candidates, random)?.target.name)
  expect(new Set(taken)).toEqual(new Set(["a", "b", "c"]))
  expect(takeOne(all, candidates, random)).toBeUndefined()
})
