/**
 * A saver that stands beside the log: what it writes can be stored in the very step of an append, so that the entry
 * which names a checkpoint is in the log if and only if the checkpoint is in the store. (SPEC RUN8)
 *
 * The savers of both engines are such ones. Any other saver works as well; then a checkpoint is stored first, and named
 * right after it.
 */
import type { AppendRequest, AppendResult } from "@everthread/engine"
import type { BaseCheckpointSaver } from "@langchain/langgraph"

/** @typeParam Write one write, ready to be stored: the saver's own affair. */
export interface LogSaver<Write = unknown> extends BaseCheckpointSaver {
  /** @returns a saver of the same threads that hands what `put` and `putWrites` write to `take`, which resolves when it is stored. */
  handing(take: (write: Write) => Promise<void>): BaseCheckpointSaver
  /**
   * Stores writes in the order in which they were handed over, and appends: all in one step, or nothing. Without bodies:
   * only the writes. A repeat of what was stored changes nothing.
   * @returns `fenced` also where the store refused a write.
   */
  storeWith(request: AppendRequest, writes: readonly Write[]): Promise<Pick<AppendResult, "status">>
}

export function isLogSaver(saver: BaseCheckpointSaver): saver is LogSaver {
  return "handing" in saver && "storeWith" in saver
}
