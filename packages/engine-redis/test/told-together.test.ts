/** What is heard in one go is told as one. */
import type { Appended } from "@everthread/engine"
import { toldTogether } from "../src/delivery/told-together.ts"

const appended = (conversation: string, seq: number): Appended => ({
  ...{ conversation, prev: `${seq - 1}-7` },
  entries: [{ seq, cursor: `${seq}-7`, body: "{}" }],
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
