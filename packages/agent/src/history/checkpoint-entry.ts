/** A stored checkpoint as people see it in a list; its place in the log is not known here. Pure. */
import type { CheckpointEntry } from "@everthread/protocol"
import { runMetadataKey } from "../langgraph/guarded-saver.ts"
import { isFields } from "../translate/stream-event.ts"
import { nextNodes } from "./next-nodes.ts"
import type { StoredTuple } from "./thread-saver.ts"

export function checkpointEntry({ checkpoint, metadata, parentConfig }: StoredTuple): CheckpointEntry {
  const { step, [runMetadataKey]: run } = isFields(metadata) ? metadata : {}
  const parent = parentConfig?.configurable?.["checkpoint_id"]
  return {
    checkpoint: checkpoint.id,
    ...(typeof parent === "string" ? { parent } : {}),
    ...(typeof run === "string" ? { run } : {}),
    time: Date.parse(checkpoint.ts) || 0,
    step: typeof step === "number" && Number.isInteger(step) ? step : 0,
    next: nextNodes(checkpoint),
  }
}
