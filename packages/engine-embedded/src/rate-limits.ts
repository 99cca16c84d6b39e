/** The port of limits in memory: one process is all nodes there are. */
import { type Engine, LocalRateLimit, type RateLimiter } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"

export function rateLimits(clock: Clock): Engine["rateLimit"] {
  const byName = new Map<string, RateLimiter>()
  return (rule) => {
    const limit = byName.get(rule.name) ?? new LocalRateLimit(clock, rule)
    byName.set(rule.name, limit)
    return limit
  }
}
