/** What becomes of a request whose work throws. */
import { refusedByStore } from "../../core/append.ts"
import type { Core } from "../../core/core.ts"
import { type Outcome, type Refused, refused } from "../../core/outcome.ts"

/** @returns what the work comes to; where the store is away, or it fails, an outcome that says so. (SPEC CON6, STO3) */
export async function guarded<Result>(core: Core, work: () => Promise<Outcome<Result>>): Promise<Outcome<Result>> {
  try {
    return await work()
  } catch (error) {
    return failureOf(core, error)
  }
}

export function failureOf(core: Core, error: unknown): Refused {
  try {
    return refusedByStore(error)
  } catch {
    core.logger.error({ err: error }, "a request of a stock client failed")
    return refused("internal")
  }
}
