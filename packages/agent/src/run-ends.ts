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

export function missingAgent(agent: string, known: readonly string[]): Failure {
  const names = known.length === 0 ? "none" : known.join(", ")
  return failed(`There is no agent of the name ${agent} here. Known agents: ${names}.`)
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
