/**
 * What an agent worker tells, as metrics. The worker knows nothing of this package: what it calls is its own
 * interface, and these methods fit it.
 */
import type { Instruments } from "./instruments.ts"

export interface WorkerMeter {
  appended(seconds: number): void
  attemptStarted(): void
  attemptEnded(end: "ended" | "waiting" | "handed-over" | "lost"): void
  takenOver(): void
  fenced(): void
}

/** What a worker can be asked. */
export interface MeasuredWorker {
  /** Runs it works on. */
  readonly runsActive: number
  /** Open runs of the store that nobody worked on when it looked last. */
  readonly runsQueued: number
}

export function workerMeter(metrics: Instruments): WorkerMeter {
  return {
    appended: (seconds) => metrics.everthread_append_seconds.observe({ what: "output" }, seconds),
    attemptStarted: () => metrics.everthread_attempts_started_total.inc(),
    attemptEnded: (end) => metrics.everthread_attempts_ended_total.inc({ end }),
    takenOver: () => metrics.everthread_takeovers_total.inc(),
    fenced: () => metrics.everthread_fenced_writes_total.inc(),
  }
}

export function readWorker(metrics: Instruments, worker: MeasuredWorker): void {
  metrics.everthread_runs.set({ state: "active" }, worker.runsActive)
  metrics.everthread_runs.set({ state: "queued" }, worker.runsQueued)
}
