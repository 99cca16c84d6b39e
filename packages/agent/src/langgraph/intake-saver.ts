/**
 * The saver of a run that takes messages in while it is under way: it marks what the thread was given, and stops the
 * graph where it can be given more. (SPEC QUE5)
 *
 * That is where a superstep of the root graph is stored: nothing runs then, also in no subgraph, and nothing that was
 * said is lost when the graph begins anew. Asking it to drain at any other moment could end a subgraph in its middle.
 */
import type { BaseCheckpointSaver } from "@langchain/langgraph"
import type { Intake } from "../graph.ts"
import { overlaid } from "./overlaid.ts"

type Put = BaseCheckpointSaver["put"]

/** In a checkpoint's metadata: the runs whose messages the run that wrote it has taken in. */
const givenMetadataKey = "everthread_given"

/** @param stop has the graph stop before the superstep that follows. */
export function intakeSaver(saver: BaseCheckpointSaver, intake: Intake, stop: () => void): BaseCheckpointSaver {
  const put: Put = async (config, checkpoint, metadata, newVersions) => {
    const marked = intake.given.length === 0 ? metadata : { ...metadata, [givenMetadataKey]: [...intake.given] }
    const stored = await saver.put(config, checkpoint, marked as typeof metadata, newVersions)
    // The input's own checkpoint may be held back, and stored with this one.
    if (metadata.source !== "input") await intake.kept()
    const isRoot = !config.configurable?.["checkpoint_ns"]
    if (isRoot && metadata.source === "loop" && intake.isWanted()) stop()
    return stored
  }
  return overlaid(saver, { put })
}

export function givenOf(metadata: object | undefined): readonly string[] {
  const given = (metadata as { [givenMetadataKey]?: unknown } | undefined)?.[givenMetadataKey]
  return Array.isArray(given) ? given.filter((run) => typeof run === "string") : []
}
