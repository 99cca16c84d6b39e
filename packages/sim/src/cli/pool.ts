/** Threads that share a list of jobs: each takes the next one when it is done with the one before. */
import { Worker } from "node:worker_threads"
import type { Done, Job } from "./job.ts"

const workerFile = new URL("./job-worker.js", import.meta.url)

/** @param told is called for each job as it is done, in whatever order. Resolves when all are. */
export async function doAll(
  jobs: readonly Job[],
  workers: number,
  told: (job: Job, done: Done) => void,
): Promise<void> {
  const left = [...jobs]
  const count = Math.min(workers, jobs.length)
  await Promise.all(Array.from({ length: count }, () => work(() => left.shift(), told)))
}

async function work(next: () => Job | undefined, told: (job: Job, done: Done) => void): Promise<void> {
  let worker = new Worker(workerFile)
  for (let job = next(); job; job = next()) {
    const done = await doOne(worker, job)
    // A thread that has failed is over; the others' work goes on.
    if (done instanceof Error) worker = new Worker(workerFile)
    told(job, done instanceof Error ? { findings: [`thrown: ${done.stack ?? done.message}`], happened: 0 } : done)
  }
  await worker.terminate()
}

function doOne(worker: Worker, job: Job): Promise<Done | Error> {
  return new Promise((resolve) => {
    const answered = (done: Done) => {
      worker.off("error", resolve)
      resolve(done)
    }
    worker.once("message", answered)
    worker.once("error", resolve)
    worker.postMessage(job)
  })
}
