/** A thread that plays what it is given, one after the other. */
import { parentPort } from "node:worker_threads"
import { hunt } from "../mutants/hunt.ts"
import { mutants } from "../mutants/mutants.ts"
import { makePlan } from "../plan/make-plan.ts"
import { describeFinding, play } from "../play/play.ts"
import type { Done, Job } from "./job.ts"

async function doJob(job: Job): Promise<Done> {
  if (job.kind === "seed") {
    const { findings, happened } = await play(makePlan(job.seed))
    return { findings: findings.map(describeFinding), happened }
  }
  const mutant = mutants[job.mutant]
  const caught = mutant && (await hunt(mutant))
  if (!caught) return { findings: [], happened: 0 }
  return { findings: [describeFinding(caught.finding)], happened: 0, seed: caught.seed }
}

parentPort?.on("message", (job: Job) => {
  void doJob(job).then((done) => parentPort?.postMessage(done))
})
