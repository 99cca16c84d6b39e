/** The pure parts of `verify`, on random histories: they find nothing where nothing is wrong, and what is bent. */
import { type ConversationState, emptyState, type LogEvent, reduceAll } from "@everthread/protocol"
import fc from "fast-check"
import { crowdedHistories, histories } from "../../protocol/test/histories/index.ts"
import { emptyFold, foldFrame } from "../../server/src/core/fold.ts"
import { LogFrame } from "../../server/src/core/log-frame.ts"
import { digestOf, firstDifference } from "../src/verify/canonical.ts"
import { Replay } from "../src/verify/replay.ts"
import { standIn, tailDifference } from "../src/verify/tail-replay.ts"

const some = fc.oneof(histories(400), crowdedHistories(400))
const stored = (state: ConversationState) => JSON.parse(JSON.stringify(state)) as ConversationState

/** A snapshot of the whole history, and what the events behind a place say on top of what stands in for the rest. */
function tailOf(history: readonly LogEvent[], at: number) {
  const from = history[at % history.length]?.seq ?? 0
  const snapshot = stored(reduceAll(emptyState, history))
  const replayed = reduceAll(
    standIn(snapshot, from),
    history.filter(({ seq }) => seq > from),
  )
  return { from, snapshot, replayed }
}

test("[VER3] a snapshot never differs from the piece of log behind it, wherever that begins", () => {
  fc.assert(
    fc.property(some, fc.nat(), (history, at) => {
      const { from, snapshot, replayed } = tailOf(history, at)
      expect(tailDifference(snapshot, replayed, from)).toBeUndefined()
    }),
    { numRuns: 150 },
  )
})

test("[VER3] a message that is bent behind the place is found there", () => {
  fc.assert(
    fc.property(some, fc.nat(), fc.nat(), (history, at, which) => {
      const { from, snapshot, replayed } = tailOf(history, at)
      const first = Math.max(from, snapshot.wholeFrom - 1, replayed.wholeFrom - 1, snapshot.expiredUpTo ?? 0)
      const held = snapshot.messages.filter(({ seq }) => seq > first)
      const bent = held[which % Math.max(1, held.length)]
      fc.pre(bent !== undefined)
      const messages = snapshot.messages.map((message) => (message === bent ? { ...message, text: "bent!" } : message))
      expect(tailDifference({ ...snapshot, messages }, replayed, from)).toMatch(/^messages\[\d+\]\.text$/)
    }),
    { numRuns: 50 },
  )
})

test("[VER4] what has left the window is what a node archives", () => {
  fc.assert(
    fc.property(fc.oneof(histories(900), crowdedHistories(900)), (history) => {
      const replay = new Replay(emptyState)
      for (const event of history) replay.push(event)
      const entries = history.map(({ seq, ...body }) => ({ seq, cursor: `${seq}-1`, body: JSON.stringify(body) }))
      const { dropped, state } = foldFrame(emptyFold, LogFrame.of("0-0", entries))
      expect(Object.fromEntries(replay.left())).toEqual(
        Object.fromEntries(dropped.map((message) => [message.seq, digestOf(message)])),
      )
      expect(firstDifference(stored(state), replay.state)).toBeUndefined()
    }),
    { numRuns: 30 },
  )
})

test.each([
  [{ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, undefined],
  [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }, "a.b[1].c"],
  [{ list: [1] }, { list: [1, 2] }, "list"],
  [{ a: 1 }, { a: 1, b: undefined }, undefined],
  [1, 2, "everything"],
])("where two values differ: %j and %j", (left, right, path) => {
  expect(firstDifference(left, right)).toBe(path)
})
