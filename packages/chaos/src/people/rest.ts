/** The end of a case: everything comes to rest. */
import { until } from "@everthread/stage"
import { restMsMax } from "./scene.ts"
import { type HeadOf, type People, unrest } from "./unrest.ts"

/**
 * Resolves when nothing is awaited any more.
 * @throws Error that says who waits for what.
 */
export async function rest(
  people: People,
  conversation: string,
  headOf: HeadOf,
  withinMs: number = restMsMax,
): Promise<void> {
  let awaited: string | undefined = ""
  const isAtRest = async () => {
    awaited = await unrest(people, conversation, headOf)
    return awaited === undefined
  }
  await until("everything to come to rest", isAtRest, withinMs).catch((error: unknown) => {
    throw new Error(`${conversation} does not come to rest: ${awaited}`, { cause: error })
  })
}
