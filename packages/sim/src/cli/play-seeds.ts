/** Plays seeds, and prints of each that finds something the smallest plan that still does, with all that happened in it. */
import { makePlan } from "../plan/make-plan.ts"
import { describePlan, type Plan } from "../plan/plan.ts"
import { shrink } from "../plan/shrink.ts"
import { describeFinding, play } from "../play/play.ts"
import type { Job } from "./job.ts"
import type { SimOptions } from "./options.ts"
import { doAll } from "./pool.ts"
import { counted, type Show } from "./show.ts"

/** More are named and not explained: one is enough to begin with. */
const explainedMax = 3

/** @returns whether nothing was found. */
export async function playSeeds({ from, seeds, workers }: SimOptions, show: Show): Promise<boolean> {
  const jobs = Array.from({ length: seeds }, (_, index): Job => ({ kind: "seed", seed: from + index }))
  const found: number[] = []
  let played = 0
  let happened = 0
  await doAll(jobs, workers, (job, done) => {
    played += 1
    happened += done.happened
    const [finding] = done.findings
    if (finding !== undefined && job.kind === "seed") {
      found.push(job.seed)
      show.line(`seed ${job.seed}: ${finding}`)
    }
    show.progress(`${counted(played)} of ${counted(seeds)} seeds, ${found.length} with findings`)
  })
  for (const seed of found.slice(0, explainedMax)) await explain(seed, show)
  const result = found.length === 0 ? "nothing found" : `${found.length} found something: ${found.join(", ")}`
  show.line(`${counted(seeds)} seeds from ${from}, ${counted(happened)} events in virtual time: ${result}.`)
  return found.length === 0
}

async function explain(seed: number, show: Show): Promise<void> {
  show.progress(`seed ${seed} is made smaller`)
  const plan = makePlan(seed)
  const laws = await lawsOf(plan)
  const smallest = await shrink(plan, async (tried) => [...(await lawsOf(tried))].some((law) => laws.has(law)))
  const { findings, timeline } = await play(smallest)
  const keep = ["To be kept, with its story, in packages/sim/test/support/kept-plans.ts:", JSON.stringify(smallest)]
  const found = findings.map(describeFinding)
  show.line(["", describePlan(smallest), "", timeline.print(), "", ...found, "", ...keep, ""].join("\n"))
}

async function lawsOf(plan: Plan): Promise<ReadonlySet<string>> {
  const { findings } = await play(plan)
  return new Set(findings.map(({ law }) => law))
}
