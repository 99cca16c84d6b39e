/**
 * A saver as which a thread stands where it stood before, until it is written to: what a run begins on that answers
 * anew. (SPEC RUN9)
 *
 * A graph that begins reads the newest root checkpoint; here it reads an older one, or none where the thread was empty
 * then. What it writes still follows the newest one that is stored: a store takes nothing that does not continue what the
 * thread holds, and nothing that was written is lost.
 */
import type { BaseCheckpointSaver } from "@langchain/langgraph"
import { rootConfig } from "../history/thread-saver.ts"
import { overlaid } from "./overlaid.ts"

type Put = BaseCheckpointSaver["put"]
type GetTuple = BaseCheckpointSaver["getTuple"]

/** @param checkpoint where the thread is to stand; `undefined`: as one that was never written to. */
export function standingAt(
  saver: BaseCheckpointSaver,
  thread: string,
  checkpoint: string | undefined,
): BaseCheckpointSaver {
  let isWritten = false
  const getTuple: GetTuple = async (config) => {
    const { checkpoint_ns: ns, checkpoint_id: id } = config.configurable ?? {}
    if (isWritten || ns || id) return saver.getTuple(config)
    if (checkpoint === undefined) return undefined
    const tuple = await saver.getTuple(rootConfig(thread, checkpoint))
    if (!tuple) throw new Error("where the agent stood before it answered is not kept any more")
    if ("counters_since_delta_snapshot" in (tuple.metadata ?? {}))
      throw new Error("a graph whose channels keep what changed alone cannot go back")
    return tuple
  }
  const put: Put = async (config, ...rest) => {
    const isFirst = !isWritten && !config.configurable?.["checkpoint_ns"]
    const stored = await saver.put(isFirst ? await behindNewest(saver, thread, config) : config, ...rest)
    if (isFirst) isWritten = true
    return stored
  }
  return overlaid(saver, { getTuple, put })
}

async function behindNewest(saver: BaseCheckpointSaver, thread: string, config: Parameters<Put>[0]) {
  const newest = await saver.getTuple(rootConfig(thread))
  const { checkpoint_id: _base, ...configurable } = config.configurable ?? {}
  return { ...config, configurable: newest ? { ...configurable, checkpoint_id: newest.checkpoint.id } : configurable }
}
