/** What somebody is told who has sent, made or changed too much: how long to wait. (SPEC NOD3, NOD7) */
import { type Refused, refused } from "../outcome.ts"
import type { CommandContext } from "./handler.ts"

/** Counts one more conversation. @returns the refusal for whoever has made too many. */
export async function tooManyMade({ core, actor }: CommandContext): Promise<Refused | undefined> {
  const waitMs = await core.creations.take(actor.user)
  return waitMs > 0 ? tooMany("conversations", waitMs) : undefined
}

export function tooMany(what: "messages" | "conversations" | "changes", retryAfterMs: number): Refused {
  const message = `Too many ${what}; wait ${Math.ceil(retryAfterMs / 1_000)} s.`
  return refused("rate_limited", { retryAfterMs, message })
}
