/** Plays a mutant with one seed after the other until something is found. */
import type { Finding } from "../history/history.ts"
import { makePlan } from "../plan/make-plan.ts"
import { play } from "../play/play.ts"
import type { Mutant } from "./mutant.ts"

export interface Caught {
  readonly seed: number
  /** What was found first. */
  readonly finding: Finding
}

/** @returns `undefined` where none of the seeds that it may take has found it. */
export async function hunt({ mutation, seedsMax }: Mutant): Promise<Caught | undefined> {
  for (let seed = 1; seed <= seedsMax; seed++) {
    const { findings } = await play(makePlan(seed), mutation())
    const [finding] = findings
    if (finding) return { seed, finding }
  }
  return undefined
}
