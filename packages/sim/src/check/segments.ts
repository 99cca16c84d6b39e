/** Cuts what a device saw into the histories that it was told of: a `diverged` begins another one. */
import type { Step } from "../history/history.ts"

export interface Segment {
  readonly steps: readonly Step[]
}

/** At least one; the last one is what the device holds at the end. */
export function segmentsOf(steps: readonly Step[]): readonly Segment[] {
  const segments: Step[][] = [[]]
  for (const step of steps) {
    if (step.type === "snapshot" && step.reason === "diverged") segments.push([])
    segments.at(-1)?.push(step)
  }
  return segments.map((steps) => ({ steps }))
}
