/**
 * Checkpoints as people look for them: the newest on top. The server gives them in the order of their ids, which nodes with
 * clocks of their own have made.
 */
import type { CheckpointEntry } from "@everthread/protocol"

export function newestFirst(checkpoints: readonly CheckpointEntry[]): readonly CheckpointEntry[] {
  return checkpoints.toSorted((left, right) => right.time - left.time)
}
