/** What is read for somebody to see: it is shown when it is as durable as was asked for. (SPEC STO5) */
import { EngineError } from "@everthread/engine"

/** @returns resolves when what the partition's master has answered so far may be shown. */
export function shownWhen(durable: (partition: number) => Promise<void>): (partition: number) => Promise<void> {
  return (partition) => durable(partition).catch(notReadable)
}

/** Of a read nothing is unknown. */
function notReadable(error: unknown): never {
  if (!(error instanceof EngineError) || error.code !== "unknown") throw error
  throw new EngineError("unavailable", error.message, { cause: error })
}
