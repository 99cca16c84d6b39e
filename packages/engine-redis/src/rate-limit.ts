/**
 * The port of limits on Redis: counted on all nodes together, exactly, by the server's clock.
 *
 * A limit never makes anybody wait for a store that is away, and is never gone: what the store does not answer in
 * a moment is counted by this node alone. docs/decisions/0011-limits-by-a-script.md says why it is not a library's.
 */
import { EngineError, LocalRateLimit, type RateLimiter, type RateLimitRule } from "@everthread/engine"
import type { Keys } from "./keys.ts"
import { scripts } from "./script.ts"
import type { Store } from "./store.ts"

/** Longer than an answer ever takes that is worth waiting for. */
const answerMsMax = 250

export function rateLimit(store: Store, keys: Keys, rule: RateLimitRule): RateLimiter {
  const local = new LocalRateLimit(store.clock, rule)
  return {
    async take(who) {
      const partition = keys.partitionOf(who)
      if (!store.topology.linkOf(partition)) return local.take(who)
      const waitMs = await inTime(store, takeShared(store, keys, rule, who))
      return waitMs ?? local.take(who)
    },
  }
}

/** @returns `undefined` if the store cannot say. */
async function takeShared(store: Store, keys: Keys, rule: RateLimitRule, who: string): Promise<number | undefined> {
  const partition = keys.partitionOf(who)
  try {
    const { list } = await store.run({
      script: scripts.limitTake,
      partition,
      keys: [keys.other(partition, "t", JSON.stringify([rule.name, rule.max, rule.windowMs, who]))],
      args: [String(rule.max), String(rule.windowMs)],
    })
    return Number(list[0])
  } catch (error) {
    if (error instanceof EngineError) return undefined
    throw error
  }
}

/** @returns the answer, or `undefined` if it takes too long: then nobody waits for it any more. */
function inTime<T>({ clock }: Store, answer: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = clock.startTimer(answerMsMax, () => resolve(undefined))
    const stop = () => clock.stopTimer(timer)
    answer.finally(stop).then(resolve, reject)
  })
}
