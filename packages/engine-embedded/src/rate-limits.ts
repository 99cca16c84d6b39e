/** The port of limits in memory: one process is all nodes there are. */
import { type Engine, LocalRateLimit, type RateLimiter } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"

export function rateLimits(clock: Clock): Engine["rateLimit"] {
  const byRule = new Map<string, RateLimiter>()
  return (rule) => {
    const key = JSON.stringify([rule.name, rule.max, rule.windowMs])
    const limit = byRule.get(key) ?? new LocalRateLimit(clock, rule)
    byRule.set(key, limit)
    return limit
  }
}
