/** The log's entry that names a checkpoint of the root graph; a subgraph's are told by the graph's stream. */
import type { EventBody } from "@everthread/protocol"
import type { BaseCheckpointSaver } from "@langchain/langgraph"
import type { AttemptRequest } from "../graph.ts"

type Put = Parameters<BaseCheckpointSaver["put"]>

/** @param config of the checkpoint's parent. @returns the entry, or `undefined` for a subgraph's checkpoint. */
export function checkpointEntry(
  { run, now }: Pick<AttemptRequest, "run" | "now">,
  config: Put[0],
  checkpoint: Put[1],
  metadata: Put[2],
): EventBody | undefined {
  const { checkpoint_ns: ns = "", checkpoint_id: parent } = config.configurable ?? {}
  if (ns !== "") return undefined
  const data = {
    id: checkpoint.id,
    ...(typeof parent === "string" ? { parent_id: parent } : {}),
    step: metadata.step,
    source: metadata.source,
  }
  return { type: "agent", time: now(), run, method: "checkpoints", ns: [], data }
}
