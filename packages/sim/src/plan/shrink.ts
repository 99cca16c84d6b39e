/**
 * Makes a plan smaller for as long as it still shows what was found: first many steps at once, then single ones.
 *
 * Every part of a world has randomness of its own, so leaving a step out leaves the rest much as it was.
 */
import type { Plan, PlanStep } from "./plan.ts"

/** Plays that a shrinking takes at most. */
const playsMax = 150

/** @param isFound plays a plan. @returns the smallest plan that was tried and for which it holds. */
export async function shrink(plan: Plan, isFound: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let smallest = plan
  let plays = 0
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let at = 0; at < smallest.steps.length && plays < playsMax; ) {
      const tried = { ...smallest, steps: without(smallest.steps, at, size) }
      plays += 1
      if (await isFound(tried)) smallest = tried
      else at += size
    }
  }
  return smallest
}

const without = (steps: readonly PlanStep[], at: number, count: number) => [
  ...steps.slice(0, at),
  ...steps.slice(at + count),
]
