/**
 * Counts the attempts of a run that got no further than the one before.
 *
 * An attempt number would not do: a run that asks ten questions has eleven attempts and nothing is
 * wrong. What counts is a run that dies again and again at the same place, so the count begins anew
 * with each checkpoint and each answer. It is a value beside the log, set in the step that appends the
 * attempt, because it is the dying attempt that cannot write it down afterwards. A run's first attempt is
 * not written down: the log knows of it, and where it began.
 */
import type { EventLog, Expectation } from "@everthread/engine"
import type { ConversationState, Run } from "@everthread/protocol"

const name = "tries"

export interface CountedTry {
  /** This attempt's number at this place, from 1. */
  readonly count: number
  /** To be part of the append of `run.attempt`; `undefined` for the first. */
  readonly expect: Expectation | undefined
}

export async function countTry(
  log: EventLog,
  conversation: string,
  state: ConversationState,
  run: Run,
): Promise<CountedTry> {
  if (run.attempt === 0) return { count: 1, expect: undefined }
  const is = await log.value(conversation, name)
  const answers = answersIn(state, run.id)
  const place = `${run.id} ${run.checkpoint ?? "-"} ${answers}`
  const isWhereTheFirstBegan = run.checkpoint === undefined && answers === 0
  const before = is?.startsWith(`${place} `) ? Number(is.slice(place.length + 1)) : Number(isWhereTheFirstBegan)
  return { count: before + 1, expect: { name, is, becomes: `${place} ${before + 1}` } }
}

function answersIn(state: ConversationState, run: string): number {
  return state.interrupts.filter((interrupt) => interrupt.run === run && interrupt.answer).length
}
