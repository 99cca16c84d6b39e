/**
 * Which question an answer is to, where its place does not show it, and which questions still wait their turn. Several
 * questions may stand one below the other before the first of them is answered.
 */
import { type ChatMessage, isOpen, isWaitingItsTurn, type Run } from "@everthread/protocol"

export interface RunMarks {
  /** @param before what stands above the message. @returns what it answers, where that is somewhere else and is here. */
  answers(message: ChatMessage, before: ChatMessage | undefined): ChatMessage | undefined
  /** Whether the message's run waits behind another one. */
  isQueued(message: ChatMessage): boolean
}

export function runMarks(runs: readonly Run[], messages: readonly ChatMessage[]): RunMarks {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const queued = queuedMessages(runs)
  return {
    answers(message, before) {
      const run = message.run === undefined ? undefined : byId.get(message.run)
      if (!run || message.role === "user" || (before && belongs(before, run, runs))) return undefined
      return messages.find(({ id }) => id === run.message)
    },
    isQueued: ({ id }) => queued.has(id),
  }
}

/** Whether a run's words may follow a message without a word about what they answer: its own question, or what it took in. */
function belongs(before: ChatMessage, { id, message }: Run, runs: readonly Run[]): boolean {
  if (before.run === id || before.id === message) return true
  return runs.some((run) => run.message === before.id && run.into === id)
}

/** The first of those that wait is no queue while nothing is under way: it begins at once. */
function queuedMessages(runs: readonly Run[]): ReadonlySet<string> {
  const open = runs.filter(isOpen)
  const current = open.find((run) => !isWaitingItsTurn(run)) ?? open[0]
  const waiting = open.filter((run) => run !== current && isWaitingItsTurn(run) && run.stopBy === undefined)
  return new Set(waiting.map(({ message }) => message))
}
