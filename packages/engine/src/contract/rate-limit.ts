/** Limits: how often somebody may do a thing, whoever asks and however many ask at once. */
import { setTimeout as pause } from "node:timers/promises"
import { describe, expect, test } from "vitest"
import type { RateLimiter } from "../rate-limit.ts"
import { engineForEachTest, freshId, type OpenEngine } from "./under-test.ts"

/** Long enough that no test which does not wait sees its end. */
const windowMs = 3_600_000

export function rateLimitContract(open: OpenEngine): void {
  describe("rate limits", () => {
    const current = engineForEachTest(open)
    const limit = (name: string, max: number) => current().engine.rateLimit({ name, max, windowMs })

    test("so many are allowed, and then one is told how long to wait", async () => {
      const sends = limit(freshId("sends"), 3)
      for (let count = 0; count < 3; count++) expect(await sends.take("ada")).toBe(0)
      const waitMs = await sends.take("ada")
      expect(waitMs).toBeGreaterThan(0)
      expect(waitMs).toBeLessThanOrEqual(windowMs)
    })

    test("of many that ask at once no more than that are allowed", async () => {
      const sends = limit(freshId("sends"), 5)
      const waits = await Promise.all(Array.from({ length: 40 }, () => sends.take("ada")))
      expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(5)
    })

    test("users and rules are counted apart; two limits of one rule are one", async () => {
      const name = freshId("sends")
      const [one, same, other] = [limit(name, 1), limit(name, 1), limit(freshId("joins"), 1)]
      expect(await one.take("ada")).toBe(0)
      expect(await same.take("ada")).toBeGreaterThan(0)
      expect(await one.take("bob")).toBe(0)
      expect(await other.take("ada")).toBe(0)
    })

    test("never more than the maximum within any window, and a wait that is honoured is enough", async () => {
      const rule = { name: freshId("sends"), max: 4, windowMs: 150 }
      const taken = await takeAll(current().engine.rateLimit(rule), 4 * rule.max)
      for (const [index, last] of taken.entries()) {
        const first = taken[index - rule.max]
        // Counted somewhere between asking and the answer, in whole milliseconds.
        if (first) expect(last.answeredAt - first.askedAt).toBeGreaterThanOrEqual(rule.windowMs - 1)
      }
    })
  })
}

interface Taken {
  readonly askedAt: number
  readonly answeredAt: number
}

/** Takes as fast as it is allowed to. */
async function takeAll(limit: RateLimiter, count: number): Promise<Taken[]> {
  const taken: Taken[] = []
  while (taken.length < count) {
    const askedAt = performance.now()
    const waitMs = await limit.take("ada")
    if (waitMs === 0) taken.push({ askedAt, answeredAt: performance.now() })
    else await pause(waitMs)
  }
  return taken
}
