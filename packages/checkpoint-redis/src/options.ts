/** What a saver can be told. */
import type { SerializerProtocol } from "@langchain/langgraph-checkpoint"
import type { FenceOptions } from "./fence.ts"
import type { Random } from "./random.ts"

export interface RedisSaverOptions {
  /**
   * What the keys of a thread begin with. It must differ from thread to thread and have a hash tag, by which all keys
   * of the thread, and the fence's, lie in one slot. Default: `cp:{<thread id, escaped>}:`.
   */
  readonly keyPrefixOf?: (threadId: string) => string
  /** How long a thread lives after its last write, in milliseconds. Default: for ever. */
  readonly ttlMs?: number
  /**
   * How many checkpoints of the root namespace, and of each lasting one of a subgraph, are kept: the newest, and what
   * their delta channels begin at. Older ones go in the put's own step, a few at a time, so up to an eighth more may
   * be there. Default: all are kept.
   */
  readonly maxCheckpoints?: number
  /** Refuses writes of those who do not own the thread any more. Default: a write that carries a fence is an error. */
  readonly fence?: FenceOptions
  /** The largest value that is taken, serialized, in bytes. Default: `limits.valueBytesMax`. */
  readonly valueBytesMax?: number
  /** All threads, for `list` without a `thread_id`; see `scanThreads`. Default: such a list is an error. */
  readonly threads?: () => AsyncIterable<string>
  /** How values become bytes. Default: LangGraph's own. */
  readonly serde?: SerializerProtocol
  readonly random?: Random
}

/** @throws if the number is none that makes sense. */
export function mustBeCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new Error(`${name} must be a whole number above 0, not ${value}.`)
}
