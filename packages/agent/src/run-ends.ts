/** What people are told when a run fails for reasons that are not the graph's. */
import { limits } from "@everthread/protocol"
import { outputLimits } from "./options.ts"

interface Failure {
  readonly outcome: "failed"
  readonly error: string
}

export function failed(sentence: string): Failure {
  return { outcome: "failed", error: sentence.slice(0, outputLimits.errorCharsMax) }
}

export function missingAgent(agent: string, missingAfterMs: number): Failure {
  const waited = `The run has waited for ${Math.round(missingAfterMs / 1_000)} seconds.`
  return failed(`No worker serves the agent ${agent}. ${waited} Send the message again when one does.`)
}

export function tooManyTries(attemptsMax: number): Failure {
  return failed(
    `The agent was given up: ${attemptsMax} attempts in a row ended without getting any further, because the process that worked on it ended each time.`,
  )
}

export function timedOut(runTimeoutMs: number): Failure {
  return failed(`The agent was stopped, because it took longer than ${Math.round(runTimeoutMs / 1_000)} seconds.`)
}

export const tooManyQuestions = `The agent was stopped, because it asked more than ${limits.stateOpenRunInterruptsMax} questions in one run.`

export const inputMissing = "The message that the agent was to answer is not held any more."
