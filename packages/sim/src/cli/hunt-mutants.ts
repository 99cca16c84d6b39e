/** Lets every deliberate mistake be looked for: one that is not found is a hole in the checker, or in the plans. */
import { mutants } from "../mutants/mutants.ts"
import type { Job } from "./job.ts"
import type { SimOptions } from "./options.ts"
import { doAll } from "./pool.ts"
import type { Show } from "./show.ts"

/** @returns whether all were found. */
export async function huntMutants({ workers }: SimOptions, show: Show): Promise<boolean> {
  const jobs = mutants.map((_, mutant): Job => ({ kind: "mutant", mutant }))
  const seeds: number[] = []
  await doAll(jobs, workers, (job, { findings: [finding], seed }) => {
    const mutant = job.kind === "mutant" ? mutants[job.mutant] : undefined
    if (seed !== undefined) seeds.push(seed)
    const caught = seed === undefined ? "NOT FOUND" : `seed ${seed} of ${mutant?.seedsMax} finds`
    show.line(`${caught}: ${mutant?.name}${finding === undefined ? "" : `\n    ${finding}`}`)
    show.progress(`${seeds.length} of ${mutants.length} mutants found`)
  })
  const last = Math.max(...seeds)
  show.line(`${mutants.length} mutants: ${seeds.length} found, the last of them by seed ${last}.`)
  return seeds.length === mutants.length
}
