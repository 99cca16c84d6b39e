/**
 * How LangGraph's interrupts and the log's fit together.
 *
 * LangGraph names an interrupt after the task that asks, so a node that asks twice uses one id twice.
 * In the log an id is one question: the second of a task is `<id>.2`. The checkpoint knows how many
 * answers a task has used, so an answer is given once, also when the owner died between a question and
 * its answer, or between the answer and what came of it.
 */
import { type ConversationState, type Interrupt, interruptsOfOpenRuns, type Json, limits } from "@everthread/protocol"

/** A task of the graph that waits for an answer. */
export interface WaitingTask {
  /** LangGraph's id of the interrupt. */
  readonly id: string
  /** How many answers the task has used, from 1; `undefined`: none, or the checkpoint does not say. */
  readonly used: number | undefined
}

/** @returns the id in the log of what the task asks next, after everything it was told. */
export function questionId(state: ConversationState, graphId: string): string {
  const told = answered(state, graphId).length
  return told === 0 ? graphId : `${graphId}.${told + 1}`
}

/** What each waiting task is to be told, by LangGraph's id; `undefined` if there is nothing new to tell. */
export function answersTo(
  tasks: readonly WaitingTask[],
  state: ConversationState,
): { [graphId: string]: Json } | undefined {
  const told = tasks.flatMap(({ id, used }) => {
    const answers = answered(state, id)
    const next = answers[used ?? answers.length - 1]?.answer
    return next ? [[id, next.value] as const] : []
  })
  return told.length > 0 ? Object.fromEntries(told) : undefined
}

/** Whether the state can hold so many more questions. It would not take them in, and the run would wait for ever. */
export function hasRoomFor(state: ConversationState, questions: number): boolean {
  return interruptsOfOpenRuns(state) + questions <= limits.stateOpenRunInterruptsMax
}

/** Whether the run has to wait for people. */
export function hasOpenQuestion(state: ConversationState, run: string): boolean {
  return state.interrupts.some((interrupt) => interrupt.run === run && !interrupt.answer)
}

/** The task's answered questions, first to last. */
function answered(state: ConversationState, graphId: string): Interrupt[] {
  const isOf = ({ id }: Interrupt) => id === graphId || id.startsWith(`${graphId}.`)
  return state.interrupts.filter((interrupt) => interrupt.answer && isOf(interrupt))
}
