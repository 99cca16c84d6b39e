/**
 * What has been found once: the smallest plan of each, as `npm run sim` prints it, with its story. Plans are kept and not
 * seeds, because a change of what makes plans changes what a seed means. Where a mutant makes the mistake again, the plan
 * has to find it again.
 */
import { mutants } from "../src/mutants/mutants.ts"
import { describeFinding, play } from "../src/play/play.ts"
import { kept } from "./support/kept-plans.ts"

test.each(kept)("every promise is kept where once one was not: $story", async ({ plan }) => {
  const { findings } = await play(plan)
  expect(findings.map(describeFinding)).toEqual([])
})

test.each(kept.filter(({ mistake }) => mistake))("it finds the mistake again: $mistake", async ({ plan, mistake }) => {
  const mutant = mutants.find(({ name }) => name === mistake)
  expect(mutant).toBeDefined()
  const { findings } = await play(plan, mutant?.mutation())
  expect(findings).not.toEqual([])
})
