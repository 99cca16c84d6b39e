/** The timeline in pieces: all of it, in order, and none drawn again that shows the same. */
import { type ConversationState, emptyState } from "@everthread/protocol"
import * as fc from "fast-check"
import { decorated, timelineOf } from "../src/model/timeline.ts"
import { chunksOf } from "../src/model/timeline-chunks.ts"
import { answered, said } from "./support/messages.ts"

const dayOf = (time: number) => String(Math.floor(time / 3_600_000))
const messageAt = (seq: number) => (seq % 3 === 0 ? answered(seq, "yes") : said("ada", seq))
/** As a client has them: the same object for as long as nothing about it changes. */
const log = Array.from({ length: 10_001 }, (_, seq) => messageAt(seq))
const history = (seqs: readonly number[]) => seqs.map((seq) => log[seq] ?? messageAt(seq))
const pending = (key: string) => ({ key, text: "x", status: "queued" as const, time: 0, error: undefined }) as never
const timeline = (seqs: readonly number[], keys: readonly string[] = [], newFrom?: number) =>
  timelineOf({ messages: history(seqs), state: emptyState, pending: keys.map(pending) }, { newFrom, dayOf })

const seqs = fc
  .uniqueArray(fc.integer({ min: 1, max: 3_000 }), { maxLength: 60 })
  .map((all) => all.sort((a, b) => a - b))

test("hold all of it, in its order", () => {
  fc.assert(
    fc.property(seqs, fc.nat({ max: 3_000 }), (all, newFrom) => {
      const items = timeline(all, ["p1"], newFrom)
      const chunks = chunksOf(items)
      expect(chunks.flatMap((chunk) => chunk.items)).toEqual(items)
      expect(new Set(chunks.map(({ key }) => key)).size).toBe(chunks.length)
    }),
  )
})

test("that show the same are the very same, whatever comes in above and below", () => {
  fc.assert(
    fc.property(seqs, fc.nat({ max: 60 }), (all, from) => {
      const shown = all.slice(Math.min(from, all.length))
      const before = chunksOf(timeline(shown))
      const after = chunksOf(timeline([...all, 3_500]), before)
      // The first one of before may be whole only now, and its first message may have lost its day to one before it.
      for (const chunk of before.slice(1)) expect(after).toContain(chunk)
    }),
  )
})

test("ten thousand messages are some dozens of pieces, of which a token changes the last", () => {
  const messages = history(Array.from({ length: 10_000 }, (_, index) => index + 1))
  const items = (last: string) => {
    const told = [...messages.slice(0, -1), answered(10_000, last, { status: "streaming" })]
    return timelineOf({ messages: told, state: emptyState, pending: [] }, { newFrom: undefined, dayOf })
  }
  const before = chunksOf(items("one"))
  const after = chunksOf(items("one two"), before)
  expect(before).toHaveLength(40)
  expect(after.filter((chunk) => !before.includes(chunk))).toEqual([after.at(-1)])
})

test("what is on its way stands in the last one, also where there is no other", () => {
  expect(chunksOf(timeline([], ["p1", "p2"])).map(({ items }) => items.length)).toEqual([2])
  expect(chunksOf(timeline([1, 2], ["p1"]))).toHaveLength(1)
})

test("a message knows what it answers and who has read it", () => {
  const messages = [said("ada", 1), said("bob", 2, { replyTo: "m1" }), said("bob", 3, { replyTo: "gone" })]
  const state: ConversationState = emptyState
  const items = timelineOf({ messages, state, pending: [] }, { newFrom: undefined, dayOf })
  const [, first, second, third] = decorated(items, messages, new Map([["m2", ["eve", "fay"]]]))
  expect(first).toBe(items[1])
  expect(second).toMatchObject({ replied: messages[0], seenBy: "eve, fay" })
  expect(third).toMatchObject({ replied: null })
})
