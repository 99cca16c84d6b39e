/**
 * The one path on which anything is written.
 *
 * Changes that wait while a transaction is being flushed share the next one: one flush for all of them.
 * A change runs inside the transaction, sees what those before it did, and is answered after the flush;
 * `told` is called right before the answer, so listeners hear of changes in the order of the log. (SPEC LOG5)
 *
 * The commit is one that flushes before it becomes visible (LMDB's own order, not lmdb-js' `overlappingSync`),
 * so a reader can never see what a crash could still take back. (SPEC ACK2)
 *
 * Full queue: bounded by those who wait; a caller has at most as many changes here as it has requests open.
 */
import type { EngineError } from "@everthread/engine"
import type { RootDatabase } from "lmdb"
import type { StoreKey } from "./keys.ts"

/** Changes in one transaction: enough to make the flush cheap, few enough to keep the event loop free. */
const batchMax = 1_000

interface Waiting {
  apply(): void
  answer(): void
  refuse(error: unknown): void
}

export interface GroupCommit {
  /**
   * @param change reads and writes synchronously; if it throws, nothing it wrote stays.
   * @param told called with its result once that is durable.
   */
  write<T>(change: () => T, told?: (result: T) => void): Promise<T>
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

/**
 * @param failed called when the store could not commit; what it returns is what the callers get.
 */
export function groupCommit(
  root: RootDatabase<string, StoreKey>,
  failed: (cause: unknown) => Promise<EngineError>,
): GroupCommit {
  const queue: Waiting[] = []
  let draining: Promise<void> | undefined

  async function drain(): Promise<void> {
    while (queue.length > 0) await commit(() => queue.splice(0, batchMax))
    draining = undefined
  }

  /** The batch is taken when the transaction has begun, so that whoever came while it waited is in it. */
  async function commit(take: () => Waiting[]): Promise<void> {
    let batch: Waiting[] = []
    try {
      await root.childTransaction(() => {
        batch = take()
        for (const waiting of batch) waiting.apply()
      })
    } catch (error) {
      await giveUp(batch, error)
      return
    }
    for (const waiting of batch) waiting.answer()
  }

  async function giveUp(batch: Waiting[], error: unknown): Promise<void> {
    if (isStoreFailure(error)) {
      const reason = await failed(await causeOf(error))
      for (const waiting of [...batch, ...queue.splice(0)]) waiting.refuse(reason)
    } else if (batch.length <= 1) {
      for (const waiting of batch) waiting.refuse(error)
    } else {
      // One of them is at fault. Alone, each gets what it deserves.
      for (const waiting of batch) await commit(() => [waiting])
    }
  }

  return {
    write(change, told) {
      return new Promise((resolve, reject) => {
        let result: ReturnType<typeof change>
        queue.push({
          apply: () => {
            result = change()
          },
          answer: () => {
            told?.(result)
            resolve(result)
          },
          refuse: reject,
        })
        draining ??= drain()
      })
    },
    idle: async () => draining,
  }
}

/** LMDB's and the system's errors carry a number; what a change throws by itself does not. */
function isStoreFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return "commitError" in error || typeof (error as { code?: unknown }).code === "number"
}

/** lmdb-js says why a commit failed in a promise of its own, which must be handled or it ends the process. */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<never> }
  return commitError ? commitError.catch((cause: unknown) => cause) : error
}
