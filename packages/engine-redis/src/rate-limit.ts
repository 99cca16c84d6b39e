/**
 * The port of limits on Redis: counted on all nodes together, by the server's clock.
 *
 * The count is not waited for while plenty is left: then it waits, a moment, for those of others, and one call counts
 * them all. Of one user's messages at most one at a time goes ahead of its count, and only where the last
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
import { type Users, waitingCounts } from "./waiting-counts.ts"

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
  const awaited = String(Math.ceil(rule.max * shareAwaited))
  const waiting = waitingCounts(store.clock, (partition, users) => void countAfterwards(partition, users))

  /** @param users who were noted as `asked`. @returns of each its count; `undefined` if the store cannot say. */
  async function count(partition: number, users: Users, how: "" | "done"): Promise<Counted[] | undefined> {
    let counted: Counted[] | undefined
    try {
      counted = await countShared(store, keys, rule, partition, users, [awaited, how])
    } finally {
      for (const [index, who] of users.entries()) plenty.answered(who, counted?.[index]?.isPlenty ?? false)
    }
    return counted
  }

  /** It is done, whatever the count says; it must be in one. Whoever is next waits, and is told what is wrong. */
  async function countAfterwards(partition: number, users: Users): Promise<void> {
    const counted = await count(partition, users, "done").catch(() => undefined)
    if (!counted) for (const who of users) await local.take(who)
  }

  return {
    async take(who) {
      const partition = limitPartitionOf(keys, who)
      if (!store.topology.linkOf(partition)) return local.take(who)
      if (plenty.isLeft(who)) {
        plenty.asked(who)
        waiting.add(partition, who)
        return 0
      }
      // What went ahead of its count is counted before this is.
      waiting.flush(partition)
      plenty.asked(who)
      const counted = await inTime(store, count(partition, [who], ""))
      return counted?.[0]?.waitMs ?? local.take(who)
    },
  }
}

/** Few enough that users meet in one, and enough for the masters of a cluster to share the work. */
const limitPartitions = 8

const limitPartitionOf = (keys: Keys, who: string): number => keys.partitionOf(who) % limitPartitions

async function countShared(
  store: Store,
  keys: Keys,
  { name, max, windowMs }: RateLimitRule,
  partition: number,
  [first, ...others]: Users,
  how: readonly string[],
): Promise<Counted[] | undefined> {
  const keyOf = (who: string) => keys.other(partition, "t", JSON.stringify([name, max, windowMs, who]))
  try {
    const { list } = await store.run({
      script: scripts.limitTake,
      partition,
      keys: [keyOf(first), ...others.map(keyOf)],
      args: [String(max), String(windowMs), ...how],
    })
    return [first, ...others].map((_, index) => {
      return { waitMs: Number(list[2 * index]), isPlenty: list[2 * index + 1] === 1 }
    })
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
