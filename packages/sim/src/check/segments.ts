/**
 * Cuts what a device saw into the histories that it was told of: a `diverged` begins another one. Where a store may go
 * back, a `trimmed` may, too: nobody can tell then whether what the device held is another history, or long ago. (SPEC LIN2)
 */
import type { SnapshotReason } from "@everthread/protocol"
import type { Step } from "../history/history.ts"

export interface Segment {
  readonly steps: readonly Step[]
  /** Why another one follows; absent: it is what the device holds at the end. */
  readonly end: SnapshotReason | undefined
}

/** At least one. */
export function segmentsOf(steps: readonly Step[], rollback = false): readonly Segment[] {
  const segments: Segment[] = []
  let under: Step[] = []
  for (const step of steps) {
    if (step.type === "snapshot" && (step.reason === "diverged" || (rollback && step.reason === "trimmed"))) {
      segments.push({ steps: under, end: step.reason })
      under = []
    }
    under.push(step)
  }
  return [...segments, { steps: under, end: undefined }]
}
