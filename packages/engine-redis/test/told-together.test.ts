/** What is heard in one go is told as one. */
import type { Appended } from "@everthread/engine"
import { pageMax } from "@everthread/engine"
import { toldTogether } from "../src/delivery/told-together.ts"

const appended = (conversation: string, seq: number, body = "{}"): Appended => ({
  ...{ conversation, prev: `${seq - 1}-7` },
  entries: [{ seq, cursor: `${seq}-7`, body }],
})

const placesOf = ({ conversation, prev, entries }: Appended) => [conversation, prev, ...entries.map(({ seq }) => seq)]

function recording() {
  const told: unknown[] = []
  return { told, together: toldTogether((one) => told.push(placesOf(one))) }
}

test("[DLV2] what is heard of a conversation in one go is told once, gapless and in order, and of each by itself", async () => {
  const { told, together } = recording()
  for (const [conversation, seq] of [
    ["a", 1],
    ["b", 5],
    ["a", 2],
    ["a", 3],
  ] as const)
    together.add(appended(conversation, seq))
  expect(told).toEqual([])
  await Promise.resolve()
  expect(told).toEqual([
    ["a", "0-7", 1, 2, 3],
    ["b", "4-7", 5],
  ])
})

test("what was heard before something else is told before it, and once", async () => {
  const { told, together } = recording()
  together.add(appended("a", 1))
  together.flush()
  told.push("missed")
  together.add(appended("a", 2))
  await Promise.resolve()
  expect(told).toEqual([["a", "0-7", 1], "missed", ["a", "1-7", 2]])
})

test("[DLV3] however much is heard in one go, what is told as one is no larger than a page", async () => {
  const told: Appended[] = []
  const together = toldTogether((one) => told.push(one))
  const body = JSON.stringify("x".repeat(10_000))
  for (let seq = 1; seq <= 100; seq++) together.add(appended("large", seq, body))
  for (let seq = 1; seq <= 1_000; seq++) together.add(appended("many", seq))
  together.add(appended("huge", 1, "x".repeat(pageMax.charsMax + 1)))
  await Promise.resolve()
  const placesIn = (name: string) => told.filter(({ conversation }) => conversation === name)
  for (const [name, last] of [
    ["large", 100],
    ["many", 1_000],
    ["huge", 1],
  ] as const) {
    const pieces = placesIn(name)
    expect(pieces.flatMap(({ entries }) => entries.map(({ seq }) => seq))).toEqual(
      Array.from({ length: last }, (_, at) => at + 1),
    )
    for (const [at, { prev, entries }] of pieces.entries()) {
      expect(prev).toBe(at === 0 ? "0-7" : pieces[at - 1]?.entries.at(-1)?.cursor)
      const chars = entries.reduce((sum, entry) => sum + entry.body.length, 0)
      expect(entries.length === 1 || (entries.length <= pageMax.entriesMax && chars <= pageMax.charsMax)).toBe(true)
    }
  }
  expect(["large", "many", "huge"].map((name) => placesIn(name).length)).toEqual([4, 2, 1])
})
