/** What a device that reads lean frames makes of them. */
import { continues, type DownFrameOf, LeanReader, nextCursor } from "@everthread/protocol"
import { expect, test } from "vitest"

const delta = (seq: number, at: number, text: string) =>
  ({ seq, type: "delta", message: "m1", block: 0, at, text }) as const

const whole = (prev: string, cursor: string, ...events: DownFrameOf<"events">["events"]) =>
  ({ type: "events", conversation: "plans", prev, cursor, events }) as const

test("[FRM5] lean frames are whole ones that were not written out", () => {
  const reader = new LeanReader()
  const first = { ...whole("4-70", "5-900", delta(5, 0, "Fri")), as: 3 }
  expect(reader.read(first)).toBe(first)
  expect(reader.read([3, "day"])).toEqual(whole("5-900", "6-901", delta(6, 3, "day")))
  expect(reader.read([3, " it"])).toEqual(whole("6-901", "7-902", delta(7, 6, " it")))
  const joined = { ...whole("7-902", "9-904", delta(9, 9, " is, ")), as: 3 }
  expect(reader.read(joined)).toBe(joined)
  expect(reader.read([3, "then"])).toEqual(whole("9-904", "10-905", delta(10, 14, "then")))
})

test("[FRM5] a lean frame whose alias means nothing is no frame; the next whole one shows the gap", () => {
  const reader = new LeanReader()
  expect(reader.read([3, "day"])).toBeUndefined()
  reader.read({ ...whole("4-70", "5-Xy3", delta(5, 0, "Fri")), as: 3 })
  expect(reader.read([3, "day"])).toBeUndefined()
})

test("[FRM5] the cursor behind one is counted, and only where counting is exact", () => {
  expect(nextCursor("5-1000000000000007")).toBe("6-1000000000000008")
  expect(nextCursor("5-9007199254740991")).toBeUndefined()
  expect(nextCursor("5-Xy3")).toBeUndefined()
  expect(nextCursor("5-1e3")).toBeUndefined()
})

test("[FRM5] a delta goes on where the one before it ended, in the same block of the same message", () => {
  const before = delta(1, 4, "one")
  expect(continues(before, delta(2, 7, "two"))).toBe(true)
  expect(continues(before, delta(2, 8, "two"))).toBe(false)
  expect(continues(before, { ...delta(2, 7, "two"), block: 1 })).toBe(false)
  expect(continues(before, { ...delta(2, 7, "two"), message: "m2" })).toBe(false)
})
