/**
 * Waiting for a store that is away, or that takes no writes: it comes back by itself, and whoever waited goes on in
 * the middle of what they did. (SPEC STO2, STO3)
 */
import { EngineError } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"
import type { AgentOptions } from "./options.ts"
import { wait } from "./wait.ts"

export interface Patience {
  readonly clock: Clock
  readonly options: Pick<AgentOptions, "retryMs" | "retryMsMax">
  /** Aborted when waiting is of no use any more. */
  readonly over: AbortSignal
}

/** Whether the store may do later what it has not done now. */
export function isPassing(error: unknown): boolean {
  const isOfStore = error instanceof EngineError
  return isOfStore && (error.code === "unavailable" || error.code === "unknown" || error.code === "read-only")
}

/** Asks until the store has answered. @throws what is not the store's absence, or, when it is over, that one. */
export async function patiently<T>(ask: () => Promise<T>, { clock, options, over }: Patience): Promise<T> {
  for (let delayMs = options.retryMs; ; delayMs = Math.min(delayMs * 2, options.retryMsMax)) {
    try {
      return await ask()
    } catch (error) {
      if (!isPassing(error)) throw error
      await wait(clock, delayMs, over)
      if (over.aborted) throw error
    }
  }
}
