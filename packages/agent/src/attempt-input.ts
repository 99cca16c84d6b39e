/**
 * Decides what an attempt starts with. Pure.
 *
 * Input is given once: if the newest checkpoint was written by this run, the thread has it already, and
 * giving it again would begin a second turn.
 */
import type { ConversationState, Run } from "@everthread/protocol"
import { answersTo } from "./answers.ts"
import type { AttemptInput, ThreadPosition } from "./graph.ts"
import { runInput } from "./run-input.ts"

export type AttemptStart =
  | AttemptInput
  /** The graph was done; only the run's end is missing. */
  | { readonly kind: "finished" }
  /** The message was taken back before the agent saw it. */
  | { readonly kind: "taken-back" }
  | { readonly kind: "missing" }

/** @param position where the thread stands, if the newest checkpoint is this run's. */
export function attemptStart(
  state: ConversationState,
  run: Run,
  position: ThreadPosition | undefined,
  contextMessagesMax: number,
): AttemptStart {
  if (position) return goOn(position, state)
  const messages = runInput(state, run, contextMessagesMax)
  if (messages.length > 0) {
    const from = standsAt(state, run)
    return { kind: "messages", messages, mends: mayHaveOpenCalls(state, run), ...(from === undefined ? {} : { from }) }
  }
  return { kind: state.messages.some(({ id }) => id === run.message) ? "taken-back" : "missing" }
}

/**
 * Where the thread has to stand, if that is not where it does: an answer that was taken back is still in it until
 * a run that answers anew has written something.
 */
function standsAt({ runs }: ConversationState, run: Run): string | undefined {
  const upTo = runs.filter(({ id, agent, attempt }) => id === run.id || (agent === run.agent && attempt > 0))
  const writtenLast = upTo.findLastIndex(({ checkpoint }) => checkpoint !== undefined)
  return upTo.slice(writtenLast + 1).findLast(({ again }) => again?.from !== undefined)?.again?.from
}

/** Only a turn that came to its end is known to have answered its calls. */
function mayHaveOpenCalls(state: ConversationState, run: Run): boolean {
  const before = state.runs.filter(({ id, agent, attempt }) => id !== run.id && agent === run.agent && attempt > 0)
  return before.length > 0 ? before.at(-1)?.status !== "completed" : state.from !== undefined
}

function goOn(position: ThreadPosition, state: ConversationState): AttemptStart {
  if (position.isFinished) return { kind: "finished" }
  const answers = answersTo(position.waiting, state)
  return answers ? { kind: "answers", answers } : { kind: "continue" }
}
