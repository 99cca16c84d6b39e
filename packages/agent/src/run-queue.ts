/** Whose turn it is in a conversation. Pure. (SPEC RUN7) */
import type { OpenRun } from "@everthread/engine"
import { type ConversationState, isOpen, type Run } from "@everthread/protocol"
import { hasOpenQuestion } from "./answers.ts"
import { expiringQuestions } from "./questions.ts"

export function byConversationOf(openings: readonly OpenRun[]): Map<string, OpenRun[]> {
  const grouped = new Map<string, OpenRun[]>()
  for (const opening of openings) {
    const group = grouped.get(opening.conversation)
    if (group) group.push(opening)
    else grouped.set(opening.conversation, [opening])
  }
  return grouped
}

/** Which openings these are: any other one is news, also where the log had it before the list did. */
export function nameOf(openings: readonly OpenRun[]): string {
  return openings.map(({ run, seq }) => `${run} ${seq}`).join()
}

/** The run whose turn it is: one that was stopped is only put away, so it need not wait for those before it. */
export function nextRun(state: ConversationState): Run | undefined {
  const open = state.runs.filter(isOpen)
  return open.find(({ stopBy }) => stopBy) ?? open[0]
}

/** Whether no other run of the queue has its turn before this one. One that was stopped has none. */
export function isFirst({ runs }: ConversationState, { id }: Run): boolean {
  return runs.find((run) => isOpen(run) && !run.stopBy)?.id === id
}

/** Whether a worker can do anything about the run, now or when it is its turn. */
export function isWorkLeft(state: ConversationState, id: string): boolean {
  const run = state.runs.find((held) => held.id === id)
  if (!run || !isOpen(run)) return false
  return run.status !== "waiting" || run.stopBy !== undefined || !hasOpenQuestion(state, id)
}

/** Whether nobody has to look at the run any more until somebody opens it anew. */
export function mayBeSettled(state: ConversationState, id: string): boolean {
  return !isWorkLeft(state, id) && expiringQuestions(state, id).length === 0
}
