/** The store's clock: a second opinion, so all that is asked of it is that it tells the time. */
import { describe, expect, test } from "vitest"
import { engineForEachTest, type OpenEngine } from "./under-test.ts"

const hourMs = 60 * 60 * 1_000

export function clockContract(open: OpenEngine): void {
  describe("the store's clock", () => {
    const current = engineForEachTest(open)

    test("[RET5] it tells milliseconds since 1970", async () => {
      const told = await current().engine.wallTime()
      expect(Number.isInteger(told)).toBe(true)
      expect(Math.abs(told - Date.now())).toBeLessThan(hourMs)
    })
  })
}
