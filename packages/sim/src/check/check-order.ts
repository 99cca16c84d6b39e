/**
 * Every device saw a piece of one and the same log: the store's. (SPEC LOG1, NOD1)
 *
 * Where a store may go back, what a device saw before it was told to start over may end with a tail that is gone, and
 * only with one: everything before that tail is in the log, and nothing after it. A device that was not told although
 * its tail is gone is found here, because what it saw is not in the log; one whose place was trimmed meanwhile could not
 * be told. (SPEC LIN1, LIN2)
 */
import { seqOf } from "@everthread/protocol"
import { type Expected, type Finding, type History, nameOf, type Step, type StoredEntry } from "../history/history.ts"
import { outsidersOf } from "./outsiders.ts"
import { isSame } from "./same.ts"
import { segmentsOf } from "./segments.ts"

type Found = Omit<Finding, "conversation" | "device">

export function checkOrder(history: History, expected: Expected): Finding[] {
  const { conversation, devices, log } = history
  const bySeq = new Map(log.map((entry) => [entry.event.seq, entry]))
  // A log of which nothing is left was trimmed up to where somebody is who has just come.
  const first = log[0]?.event.seq ?? (history.fresh?.cursor === undefined ? 0 : seqOf(history.fresh.cursor) + 1)
  const stored = (seq: number) => bySeq.get(seq)
  const outside = outsidersOf(history)
  const ofDevices = devices.flatMap((device) => {
    // Who was removed, or whose program has ended, is told nothing more, and so not that the store has gone back either.
    const isAway = expected.rollback && (outside.has(device.user) || !device.end)
    const segments = segmentsOf(device.steps, expected.rollback)
    const found = segments.flatMap(({ steps, end }): Found[] => {
      const all = steps.flatMap((step) => seenIn(step, stored))
      const seen = all.filter(({ seq }) => seq >= first)
      // Where even its newest place was trimmed since, nobody can tell whether it was lost.
      if (end === "diverged") return all.length > 0 && seen.length === 0 ? [] : lostTail(seen)
      return isAway || end === "trimmed" ? behindLost(seen) : strangers(seen)
    })
    if (!expected.rollback && segments.length > 1) {
      found.push({ law: "reset", what: `told ${segments.length - 1} times to start over, though nothing was lost` })
    }
    return found.map((one) => ({ conversation, device: nameOf(device), ...one }))
  })
  return [...denseLog(log).map((one) => ({ conversation, ...one })), ...ofDevices]
}

/** Something with a place that a device saw, and whether the log has the very same there: a cursor, or what the log lacks. */
interface Seen {
  readonly seq: number
  readonly what: string
  readonly isStored: boolean
  readonly isCursor: boolean
}

function seenIn(step: Step, stored: (seq: number) => StoredEntry | undefined): Seen[] {
  const end = seqOf(step.cursor)
  const isStored = stored(end)?.cursor === step.cursor
  const cursor = { seq: end, what: step.cursor, isStored, isCursor: true }
  if (step.type === "snapshot") return end === 0 ? [] : [cursor]
  const events = step.events.flatMap((event): Seen[] => {
    // It may be joined of several; what they come to is compared at the end.
    if (event.type === "delta" || isSame(stored(event.seq)?.event, event)) return []
    return [{ seq: event.seq, what: `${event.type} at ${event.seq}`, isStored: false, isCursor: false }]
  })
  return [...events, cursor]
}

function strangers(seen: readonly Seen[]): Found[] {
  return seen
    .filter(({ isStored }) => !isStored)
    .map(({ what }) => ({ law: "diverged", what: `holds ${what}, and the log does not` }))
}

function lostTail(seen: readonly Seen[]): Found[] {
  if (seen.some(({ isStored }) => !isStored)) return behindLost(seen)
  return [{ law: "reset", what: "was told to start over, though all that it held is stored" }]
}

function behindLost(seen: readonly Seen[]): Found[] {
  const ordered = [...seen].sort((left, right) => left.seq - right.seq)
  const lostFrom = ordered.find(({ isStored }) => !isStored)?.seq ?? Number.POSITIVE_INFINITY
  // Only a cursor says of which history it is: what was sent again may come to the place that it had before.
  const after = ordered.filter(({ seq, isStored, isCursor }) => isCursor && isStored && seq > lostFrom)
  return after.map(({ what }) => ({ law: "diverged", what: `saw ${what}, which is stored, after what is not` }))
}

function denseLog(log: readonly StoredEntry[]): Found[] {
  return log.flatMap(({ cursor, event }, index) => {
    const before = log[index - 1]?.event.seq
    const isNext = before === undefined || event.seq === before + 1
    return isNext && seqOf(cursor) === event.seq
      ? []
      : [{ law: "dense", what: `the log has ${cursor} after ${before}` }]
  })
}
