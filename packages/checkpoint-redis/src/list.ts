/** Listing the checkpoints of a thread, the one put last first, a page at a time. */
import { isDeepStrictEqual } from "node:util"
import type { RunnableConfig } from "@langchain/core/runnables"
import type {
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointTuple,
  SerializerProtocol,
} from "@langchain/langgraph-checkpoint"
import type { Argument, CallScript } from "./calls.ts"
import { limits } from "./limits.ts"
import { listScript } from "./lua/list.ts"
import { checkpointIdIn } from "./place.ts"
import { arrayOf, textIn } from "./reply.ts"
import { type OpenedTuple, openTuple } from "./tuples.ts"

export interface ListedThread {
  readonly call: CallScript
  readonly serde: SerializerProtocol
  readonly thread: string
  readonly keys: readonly string[]
}

const newest = "+inf"

export async function* listThread(
  listed: ListedThread,
  config: RunnableConfig,
  { before, filter, limit = Number.POSITIVE_INFINITY }: CheckpointListOptions,
): AsyncGenerator<CheckpointTuple> {
  let left = limit
  for (let from = newest; from !== "" && left > 0; ) {
    const page = await readPage(listed, [from, ...wanted(config, before), Math.min(left, limits.pageTuplesMax)])
    for (const tuple of page.tuples) {
      const { metadata, load } = await openTuple(listed.serde, listed.thread, tuple)
      if (left <= 0 || !matches(metadata, filter)) continue
      left -= 1
      yield load()
    }
    from = page.next
  }
}

function wanted(config: RunnableConfig, before: RunnableConfig | undefined): Argument[] {
  const ns: unknown = config.configurable?.["checkpoint_ns"]
  const only = checkpointIdIn(config) ?? ""
  return [ns === undefined ? "" : "1", String(ns ?? ""), only, checkpointIdIn(before) ?? ""]
}

async function readPage({ call, keys }: ListedThread, args: readonly Argument[]) {
  const [next, tuples] = await call(listScript, { keys, args: [...args, limits.pageBytesMax, limits.pageLooksMax] })
  return { next: textIn(next), tuples: arrayOf(tuples) }
}

/** Whether the metadata has every value of the filter. */
function matches(metadata: OpenedTuple["metadata"], filter: CheckpointListOptions["filter"]): boolean {
  const known: Record<string, unknown> = { ...(metadata satisfies CheckpointMetadata) }
  return Object.entries(filter ?? {}).every(([key, value]) => isDeepStrictEqual(known[key], value))
}
