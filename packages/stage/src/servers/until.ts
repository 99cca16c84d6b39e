/** Waiting for what another process does: ask again and again, and say what was awaited when it never came. */
import { setTimeout as pause } from "node:timers/promises"

/** How long a real server may take on a machine that is busy with other things. */
const withinMsDefault = 30_000
const pollMs = 5

/**
 * Asks until the answer is neither `undefined` nor `false`; a question that throws is asked again.
 * @param what completes "waited in vain for …".
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false>,
  withinMs = withinMsDefault,
): Promise<Answer> {
  const end = performance.now() + withinMs
  let last: unknown
  do {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
      last = undefined
    } catch (error) {
      if (error instanceof Hopeless) throw error
      last = error
    }
    await pause(pollMs)
  } while (performance.now() < end)
  throw new Error(`waited in vain for ${what}`, { cause: last })
}

/** Thrown by a question that need not be asked again. */
export class Hopeless extends Error {
  override readonly name = "Hopeless"
}
