/** How often a user may do a thing. */
import * as fc from "fast-check"
import { ManualClock } from "../../../test/support/manual-clock.ts"
import { LocalRateLimit } from "../src/index.ts"

const windowMs = 1_000

describe("a rate limit", () => {
  test("never more than the maximum within any window, and a wait that is honoured is enough", async () => {
    const steps = fc.array(fc.record({ passMs: fc.nat({ max: 700 }), waits: fc.boolean() }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), steps, async (max, steps) => {
        const clock = new ManualClock()
        const limit = new LocalRateLimit(clock, { name: "sends", max, windowMs })
        const taken: number[] = []
        for (const { passMs, waits } of steps) {
          await clock.advance(passMs)
          const waitMs = await limit.take("ada")
          if (waitMs > 0 && waits) {
            await clock.advance(waitMs)
            expect(await limit.take("ada")).toBe(0)
          }
          if (waitMs === 0 || waits) taken.push(clock.monotonic())
        }
        for (const end of taken) {
          const inWindow = taken.filter((time) => time > end - windowMs && time <= end)
          expect(inWindow.length).toBeLessThanOrEqual(max)
        }
      }),
      { numRuns: 30 },
    )
  })

  test("users do not count for each other, and one who does nothing is forgotten", async () => {
    const clock = new ManualClock()
    const limit = new LocalRateLimit(clock, { name: "sends", max: 1, windowMs })
    expect([await limit.take("ada"), await limit.take("bob")]).toEqual([0, 0])
    expect(await limit.take("ada")).toBe(windowMs)
    await clock.advance(2 * windowMs)
    await limit.take("eve")
    expect(limit.size).toBe(1)
  })
})
