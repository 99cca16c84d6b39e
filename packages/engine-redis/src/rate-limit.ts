/**
 * The port of limits on Redis: counted on all nodes together, by the server's clock.
 *
 * The count is not waited for while plenty is left: then it is asked in the same turn as what it is asked for, and
 * both travel together. Of one user's messages at most one at a time goes ahead of its count, and only where the last
 * count that this node knows left plenty; so on one node the limit is exact, and each further node may let one too
 * many through, when others have used up meanwhile what was left.
 *
 * A limit never makes anybody wait for a store that is away, and is never gone: what the store does not answer in
 * a moment is counted by this node alone. docs/decisions/0011-limits-by-a-script.md says why it is not a library's.
 */
import { EngineError, LocalRateLimit, type RateLimiter, type RateLimitRule } from "@everthread/engine"
import type { Keys } from "./keys.ts"
import { plentyOf } from "./plenty.ts"
import { scripts } from "./script.ts"
import type { Store } from "./store.ts"

/** Longer than an answer ever takes that is worth waiting for. */
const answerMsMax = 250
/** The last part of the limit is waited for. */
const shareAwaited = 0.5

interface Counted {
  readonly waitMs: number
  readonly isPlenty: boolean
}

export function rateLimit(store: Store, keys: Keys, rule: RateLimitRule): RateLimiter {
  const local = new LocalRateLimit(store.clock, rule)
  const plenty = plentyOf(store.clock, rule.windowMs)
  const awaited = Math.ceil(rule.max * shareAwaited)

  /** @returns `undefined` if the store cannot say. */
  async function count(who: string, isDone: boolean): Promise<Counted | undefined> {
    plenty.asked(who)
    let counted: Counted | undefined
    try {
      counted = await countShared(store, keys, rule, who, [String(awaited), isDone ? "done" : ""])
    } finally {
      plenty.answered(who, counted?.isPlenty ?? false)
    }
    return counted
  }

  /** It is done, whatever the count says; it must be in one. Whoever is next waits, and is told what is wrong. */
  async function countAfterwards(who: string): Promise<void> {
    const counted = await count(who, true).catch(() => undefined)
    if (!counted) await local.take(who)
  }

  return {
    async take(who) {
      if (!store.topology.linkOf(keys.partitionOf(who))) return local.take(who)
      if (plenty.isLeft(who)) {
        void countAfterwards(who)
        return 0
      }
      const counted = await inTime(store, count(who, false))
      return counted?.waitMs ?? local.take(who)
    },
  }
}

async function countShared(
  store: Store,
  keys: Keys,
  { name, max, windowMs }: RateLimitRule,
  who: string,
  how: readonly string[],
): Promise<Counted | undefined> {
  const partition = keys.partitionOf(who)
  try {
    const { list } = await store.run({
      script: scripts.limitTake,
      partition,
      keys: [keys.other(partition, "t", JSON.stringify([name, max, windowMs, who]))],
      args: [String(max), String(windowMs), ...how],
    })
    return { waitMs: Number(list[0]), isPlenty: list[1] === 1 }
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
