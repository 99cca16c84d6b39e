/** Whether the runs that want a worker, by the log, are those that the workers are told of. (SPEC VER7) */
import type { OpenRun } from "@everthread/engine"
import type { ConversationState } from "@everthread/protocol"
import type { Report } from "./finding.ts"

/** @param state at the head; `undefined` without a log. */
export function checkRuns(state: ConversationState | undefined, listed: readonly OpenRun[], report: Report): void {
  const runs = state?.runs ?? []
  const known = new Set(listed.map(({ run }) => run))
  for (const { id, status } of runs) {
    // One that waits for an answer has nothing to do until somebody gives it.
    const wantsWorker = status === "queued" || status === "running"
    if (wantsWorker && !known.has(id)) report("run-unlisted", id, status)
  }
  for (const { run } of listed) {
    const status = runs.find(({ id }) => id === run)?.status
    const isOpen = status === "queued" || status === "running" || status === "waiting"
    if (!isOpen) report("run-dangling", run, status ?? "not there")
  }
}
