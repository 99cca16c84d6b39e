/** What holds for every history: the promises that resuming, coalescing and compacting are built on. */
import {
  type ConversationState,
  coalesce,
  emptyState,
  type Frame,
  formatCursor,
  joinFrames,
  type LogEvent,
  limits,
  reduce,
  reduceAll,
} from "@everthread/protocol"
import { logEvent, state as schemas } from "@everthread/protocol/schema"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { garbageOutput } from "./garbage-output.ts"
import { histories } from "./histories/index.ts"

const runs = { numRuns: 200 }
const wire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const cursorAt = (seq: number) => formatCursor(seq, seq === 0 ? "0" : `n${seq}`)

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}

/** Cuts a history, which begins with seq 1, into adjacent frames of the given sizes. */
function framesOf(history: readonly LogEvent[], sizes: readonly number[]): Frame[] {
  const frames: Frame[] = []
  for (let from = 0, turn = 0; from < history.length; turn++) {
    const events = history.slice(from, from + (sizes[turn % sizes.length] ?? 1))
    frames.push({ prev: cursorAt(from), cursor: cursorAt(from + events.length), events })
    from += events.length
  }
  return frames
}

test("every event of a generated history is legal", () => {
  fc.assert(
    fc.property(histories(60), (history) => {
      for (const event of history) expect(logEvent.safeParse(event).error).toBeUndefined()
    }),
    { numRuns: 50 },
  )
})

test("[SNP1] snapshot + the events after it = the state, wherever the log is cut", () => {
  fc.assert(
    fc.property(histories(100), fc.nat(), (history, at) => {
      const cut = at % (history.length + 1)
      const snapshot = wire(reduceAll(emptyState, history.slice(0, cut)))
      expect(reduceAll(snapshot, wire(history.slice(cut)))).toEqual(reduceAll(emptyState, history))
    }),
    runs,
  )
})

test("[SNP1] a state is a legal snapshot", () => {
  fc.assert(
    fc.property(histories(100), (history) => {
      expect(schemas.conversationState.safeParse(reduceAll(emptyState, history)).error).toBeUndefined()
    }),
    { numRuns: 50 },
  )
})

test("while nothing has left the state, it holds as many messages as it counts", () => {
  fc.assert(
    fc.property(histories(100), (history) => {
      const state = reduceAll(emptyState, history)
      if (!state.older) expect(state.messageCount).toBe(state.messages.length)
    }),
    runs,
  )
})

test("[FRM3] joined frames add up to the same state, however they are grouped", () => {
  fc.assert(
    fc.property(histories(100), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (history, sizes) => {
      const frames = framesOf(history, sizes).map((frame) => joinFrames([frame]))
      const joined = frames.reduce((state, frame) => reduceAll(state, frame.events), emptyState)
      expect(joined).toEqual(reduceAll(emptyState, history))
    }),
    runs,
  )
})

test("[FRM3] joining joined frames is the same as joining them at once, over the whole range", () => {
  fc.assert(
    fc.property(histories(60), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (history, sizes) => {
      const [first, ...rest] = framesOf(history, sizes)
      if (!first) throw new Error("a history has at least one event")
      const atOnce = joinFrames([first, ...rest])
      const inSteps = rest.reduce((joined, frame) => joinFrames([joined, frame]), joinFrames([first]))
      expect(inSteps).toEqual(atOnce)
      expect(atOnce).toMatchObject({ prev: cursorAt(0), cursor: cursorAt(history.length) })
      expect(atOnce.events.at(-1)?.seq).toBe(history.length)
    }),
    runs,
  )
})

test("[FRM3] coalescing keeps everything but deltas, in order, and every character of the deltas", () => {
  const textOfDeltas = (events: readonly LogEvent[]) =>
    events.map((event) => (event.type === "delta" ? event.text : "")).join("")
  const others = (events: readonly LogEvent[]) => events.filter((event) => event.type !== "delta")
  fc.assert(
    fc.property(histories(60), (history) => {
      const joined = coalesce(history)
      expect(others(joined)).toEqual(others(history))
      expect(textOfDeltas(joined)).toBe(textOfDeltas(history))
    }),
    runs,
  )
})

test("[FRM4] a delta applied again, at once or at any later time, changes nothing", () => {
  fc.assert(
    fc.property(histories(100), fc.nat(), (history, at) => {
      const deltas = history.filter((event) => event.type === "delta")
      const again = deltas[at % deltas.length]
      if (!again) return
      const later = again.seq + (at % (history.length - again.seq + 1))
      const state = reduceAll(emptyState, history.slice(0, later))
      expect({ ...reduce(state, again), seq: later }).toEqual(state)
    }),
    runs,
  )
})

test("reducing mutates neither the state nor the event", () => {
  fc.assert(
    fc.property(histories(80), (history) => {
      history.reduce((state, event) => freeze(reduce(state, freeze(event))), freeze(emptyState))
    }),
    { numRuns: 50 },
  )
})

test("what other people's graphs emit is survived, and the state stays a legal one", () => {
  fc.assert(
    fc.property(histories(60), fc.array(garbageOutput, { minLength: 1, maxLength: 20 }), (history, garbage) => {
      const before = freeze(reduceAll(emptyState, history))
      const after = garbage.reduce((state, output) => freeze(reduce(state, freeze(output(state)))), before)
      expect(schemas.conversationState.safeParse(after).error).toBeUndefined()
      expect(wire(after)).toEqual(after)
    }),
    { numRuns: 500 },
  )
})

/** Everything in a state that could grow with the length of the conversation, against what bounds it. */
function expectBounded(state: ConversationState): void {
  const openRuns = state.runs.filter((run) => ["queued", "running", "waiting"].includes(run.status))
  expect(state.messages.length).toBeLessThanOrEqual(limits.stateMessagesMax)
  expect(state.runs.length - openRuns.length).toBeLessThanOrEqual(limits.stateEndedRunsMax)
  const answered = state.interrupts.filter((interrupt) => interrupt.answer)
  expect(answered.length).toBeLessThanOrEqual(limits.stateAnsweredInterruptsMax)
  expect(state.interrupts.length - answered.length).toBeLessThanOrEqual(limits.stateOpenInterruptsMax)
  expect(Object.keys(state.members)).toEqual(expect.arrayContaining(Object.keys(state.receipts)))
}

test("[SNP3] the state stays bounded, however long the conversation is", () => {
  for (const history of fc.sample(histories(8_000), { numRuns: 4, seed: 7 })) {
    expectBounded(reduceAll(emptyState, history))
  }
})
