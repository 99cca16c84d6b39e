/**
 * Random histories that a server could have written: every event is allowed where it stands.
 *
 * A history is played from plain steps, so that fast-check can shrink a failing one to the few
 * steps that matter. An act whose precondition does not hold at its moment yields nothing.
 */
import type { EventBody, LogEvent } from "@everthread/protocol"
import * as fc from "fast-check"
import {
  anew,
  ask,
  change,
  copy,
  crowd,
  edit,
  expire,
  join,
  leave,
  promote,
  react,
  read,
  redact,
  respond,
  send,
  stop,
} from "./people.ts"
import { attempt, checkpoint, end, interrupt, tool, work } from "./run.ts"
import { type Act, device, type Step, time, type World } from "./world.ts"

const acts: readonly Act[] = [
  ...[join, leave, send, ask, ask, edit, redact, react, read, attempt, tool, checkpoint, interrupt, respond, stop, end],
  ...[promote, anew, change, expire, copy],
  ...Array.from({ length: 24 }, () => work),
]

/** The same with many people who talk at once: few steps fill the state's window, and push out what is in it. */
const crowdedActs: readonly Act[] = [...acts, ...Array.from({ length: 4 }, () => crowd)]

const stepOf = (among: readonly Act[]): fc.Arbitrary<Step> =>
  fc.record({
    act: fc.nat({ max: among.length - 1 }),
    pick: fc.nat({ max: 1_000 }),
    text: fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
  })

function play(among: readonly Act[], steps: readonly Step[]): LogEvent[] {
  const world: World = {
    members: ["ann"],
    messages: [],
    queue: [],
    live: undefined,
    last: undefined,
    asked: [],
    made: 0,
  }
  const bodies: EventBody[] = [
    { type: "conversation.created", time, by: device("ann"), title: "Plans", agent: "scribe" },
    { type: "member.added", time, by: device("ann"), user: "ann", role: "owner" },
    ...steps.flatMap((each) => among[each.act]?.(world, each) ?? []),
  ]
  return bodies.map((body, index) => ({ ...body, seq: index + 1 }))
}

const historiesOf = (among: readonly Act[], stepsMax: number): fc.Arbitrary<LogEvent[]> =>
  fc.array(stepOf(among), { maxLength: stepsMax, size: "max" }).map((steps) => play(among, steps))

/** @param stepsMax a step is up to about twenty events. */
export const histories = (stepsMax: number): fc.Arbitrary<LogEvent[]> => historiesOf(acts, stepsMax)

/** Histories in which messages leave the state. @param stepsMax a step may be a hundred events. */
export const crowdedHistories = (stepsMax: number): fc.Arbitrary<LogEvent[]> => historiesOf(crowdedActs, stepsMax)
