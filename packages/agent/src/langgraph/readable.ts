/** Tells a checkpoint that cannot be read from a store that is away and from a graph that fails. (SPEC GRA2) */
import { EngineError } from "@everthread/engine"

/** What the thread's state is stored as cannot be understood: a class that is gone, a damaged value, another format. */
export class CheckpointUnreadableError extends Error {
  override readonly name = "CheckpointUnreadableError"
}

/** @throws CheckpointUnreadableError for whatever goes wrong that is not the store's. */
export async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (cause instanceof EngineError || cause instanceof CheckpointUnreadableError) throw cause
    throw new CheckpointUnreadableError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
