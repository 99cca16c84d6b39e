/** Whose messages a run that is under way is to take in, and what its graph is given for them. Pure. (SPEC QUE5) */
import { type ConversationState, isWaitingItsTurn, type Run } from "@everthread/protocol"
import { type InputMessage, runInput } from "./run-input.ts"

/**
 * @returns the runs that asked for it, in the order of the queue. One that was stopped is put away instead, and one whose
 *   message was taken back has nothing to give.
 */
export function runsToTakeIn(state: ConversationState, under: Run, given: readonly string[]): Run[] {
  return state.runs.filter(
    (run) =>
      run.whenBusy === "steer" &&
      run.agent === under.agent &&
      run.id !== under.id &&
      isWaitingItsTurn(run) &&
      !run.stopBy &&
      !given.includes(run.id) &&
      runInput(state, run, 0).length > 0,
  )
}

/** @returns their messages and what people said in between, each once, in the order of the log. */
export function inputOfAll(state: ConversationState, runs: readonly Run[], contextMessagesMax: number): InputMessage[] {
  const given = runs.flatMap((run) => runInput(state, run, contextMessagesMax))
  const byId = new Map(given.map((message) => [message.id, message]))
  return state.messages.flatMap(({ id }) => byId.get(id) ?? [])
}
