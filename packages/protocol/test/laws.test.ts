/** What holds for every history: the promises that resuming, coalescing and compacting are built on. */
import {
  type ConversationState,
  coalesce,
  emptyState,
  type Frame,
  formatCursor,
  isOpen,
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
import { crowdedHistories, histories } from "./histories/index.ts"

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
  const open = new Set(state.runs.filter(isOpen).map(({ id }) => id))
  expect(state.messages.length).toBeLessThanOrEqual(limits.stateMessagesMax + limits.stateNeededMessagesMax)
  expect(state.runs.length - open.size).toBeLessThanOrEqual(limits.stateEndedRunsMax)
  const ofOpen = state.interrupts.filter(({ run }) => open.has(run))
  const answeredOfEnded = state.interrupts.filter(({ run, answer }) => answer && !open.has(run))
  expect(ofOpen.length).toBeLessThanOrEqual(limits.stateOpenRunInterruptsMax)
  expect(answeredOfEnded.length).toBeLessThanOrEqual(limits.stateAnsweredInterruptsMax)
  expect(state.interrupts.filter(({ answer }) => !answer).length).toBeLessThanOrEqual(limits.stateOpenInterruptsMax)
  expect(Object.keys(state.members)).toEqual(expect.arrayContaining(Object.keys(state.receipts)))
}

test("[SNP3] the state stays bounded, however long the conversation is", () => {
  for (const history of fc.sample(histories(8_000), { numRuns: 4, seed: 7 })) {
    expectBounded(reduceAll(emptyState, history))
  }
})

test("[SNP1] [SNP3] both hold where messages leave the state, and those that open runs need do not", () => {
  fc.assert(
    fc.property(crowdedHistories(60), fc.nat(), (history, at) => {
      const cut = at % (history.length + 1)
      const snapshot = wire(reduceAll(emptyState, history.slice(0, cut)))
      const state = reduceAll(emptyState, history)
      expect(reduceAll(snapshot, history.slice(cut))).toEqual(state)
      expectBounded(state)
    }),
    { numRuns: 60 },
  )
})

interface Made {
  readonly id: string
  readonly seq: number
  readonly run: string | undefined
}

/** Every message in the log's order, without those that were taken back. */
function everyMessage(history: readonly LogEvent[]): Made[] {
  const retracted = new Set(history.flatMap((event) => (event.type === "rewind" ? event.messages : [])))
  return history.flatMap(madeBy).filter(({ id }) => !retracted.has(id))
}

function madeBy(event: LogEvent): Made[] {
  if (event.type === "copied") return [{ id: event.message.id, seq: event.seq, run: undefined }]
  if (event.type === "message") return [{ id: event.id, seq: event.seq, run: undefined }]
  if (event.type !== "agent" || event.data["event"] !== "message-start" || event.message === undefined) return []
  return [{ id: event.message, seq: event.seq, run: event.run }]
}

function hasTakenBackUnseen(history: readonly LogEvent[]): boolean {
  let state = emptyState
  return history.some((event) => {
    const held = new Set(state.messages.map(({ id }) => id))
    state = reduce(state, event)
    return event.type === "rewind" && event.messages.some((id) => !held.has(id))
  })
}

test("[RUN1] [RUN3] what an open run answers and has said is held, and so is everything from wholeFrom on", () => {
  fc.assert(
    fc.property(crowdedHistories(60), (history) => {
      const state = reduceAll(emptyState, history)
      const open = state.runs.filter(isOpen)
      const runs = new Set(open.map(({ id }) => id))
      const inputs = new Set(open.map(({ message }) => message))
      const all = everyMessage(history)
      const wholeFrom = Math.max(state.wholeFrom, (state.expiredUpTo ?? 0) + 1)
      const due = all.filter(({ id, seq, run }) => inputs.has(id) || (run && runs.has(run)) || seq >= wholeFrom)
      const held = state.messages.map(({ id }) => id)
      expect(held).toEqual(expect.arrayContaining(due.map(({ id }) => id)))
      if (state.expiredUpTo !== undefined) return
      // What was no longer held when it was taken back is still counted, and thought to be there.
      expect(state.messageCount).toBeGreaterThanOrEqual(all.length)
      if (hasTakenBackUnseen(history)) return
      expect(state.messageCount).toBe(all.length)
      expect(state.older).toBe(held.length < all.length)
    }),
    { numRuns: 100 },
  )
})
