/**
 * The run that a new subscription is shown: the oldest that is open, or else the last one.
 *
 * Where it begins is known from the state. Where the log does not reach back to there, what it has said by now is said
 * at once, out of a snapshot.
 */
import type { Seq } from "../cursor.ts"
import { isOpen } from "../reduce/runs.ts"
import type { ConversationState, Run } from "../types.ts"
import { saidSoFar } from "./said.ts"
import type { StreamEvent } from "./stream-event.ts"
import { graphName, lifecycle, question, values } from "./translate.ts"

/** @returns the runs that belong to what is shown, oldest first; none where there never was one. */
function shownRuns({ runs }: ConversationState): readonly Run[] {
  const open = runs.filter(isOpen)
  const shown = open.length > 0 ? open : [...runs].sort((a, b) => a.seq - b.seq).slice(-1)
  return [...shown].sort((a, b) => a.seq - b.seq)
}

/** @returns the first entry of what is shown: the message that is answered. Without a run, what comes next. */
export function shownFrom(state: ConversationState): Seq {
  const runs = shownRuns(state)
  if (runs.length === 0) return state.seq + 1
  const asked = new Set(runs.map(({ message }) => message))
  const seqs = state.messages.filter(({ id }) => asked.has(id)).map(({ seq }) => seq)
  return Math.min(...seqs, ...runs.map(({ seq }) => seq))
}

/** @returns what the shown runs have come to, up to this state. */
export function runSoFar(state: ConversationState, time: number): StreamEvent[] {
  return [
    ...shownRuns(state)
      .filter(({ attempt }) => attempt > 0)
      .flatMap((run) => oneRunSoFar(state, run, time)),
    ...restOfState(state, time),
  ]
}

function oneRunSoFar(state: ConversationState, { id, status }: Run, time: number): StreamEvent[] {
  const said = state.messages.filter(({ run, redacted }) => run === id && !redacted).flatMap(saidSoFar)
  const asked = status === "waiting" ? state.interrupts.filter(({ run, answer }) => run === id && !answer) : []
  const questions = asked.map((interrupt) => question({ interrupt: interrupt.id, ...interrupt, time }))
  return [lifecycle("running", time, graphName(state, id)), ...said, ...questions]
}

/** The state comes before the end that it belongs to: clients stop listening there. */
function restOfState(state: ConversationState, time: number): StreamEvent[] {
  const last = shownRuns(state).findLast(({ attempt }) => attempt > 0)
  const outcome = last && lifecycleOf(last)
  return [values(state, time), ...(outcome ? [lifecycle(outcome, time)] : [])]
}

function lifecycleOf({ status }: Run): "completed" | "failed" | "interrupted" | undefined {
  switch (status) {
    case "waiting":
    case "stopped":
      return "interrupted"
    case "failed":
      return "failed"
    case "completed":
    case "merged":
      return "completed"
    default:
      return undefined
  }
}
