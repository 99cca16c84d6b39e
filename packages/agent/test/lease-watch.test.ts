import * as fc from "fast-check"
import { LeaseWatch } from "../src/lease-watch.ts"

test("[RUN3] a node whose counter stands still for the lease time is gone, not a moment before", () => {
  const watch = new LeaseWatch(100)
  expect(watch.observe("n", 5, 1_000)).toBe("alive")
  expect(watch.observe("n", 5, 1_050)).toBe("alive")
  expect(watch.observe("n", 5, 1_099)).toBe("alive")
  expect(watch.observe("n", 5, 1_100)).toBe("gone")
  expect(watch.observe("n", 6, 1_200)).toBe("alive")
  expect(watch.observe("n", 6, 1_250)).toBe("alive")
  expect(watch.observe("n", 6, 1_299)).toBe("alive")
})

test("a node that left, or that nobody knows, need not be waited for", () => {
  expect(new LeaseWatch(100).observe("n", 0, 0)).toBe("gone")
})

test("[RUN2] the time in which nobody could look is no silence: the store was away for everybody", () => {
  const watch = new LeaseWatch(100)
  watch.observe("n", 5, 0)
  expect(watch.observe("n", 5, 60_000)).toBe("alive")
  expect(watch.observe("n", 5, 60_049)).toBe("alive")
  expect(watch.observe("n", 5, 60_050)).toBe("gone")
})

test("a counter that went back has moved: its store was rolled back, the node lives", () => {
  const watch = new LeaseWatch(100)
  watch.observe("n", 9, 0)
  expect(watch.observe("n", 3, 200)).toBe("alive")
})

test("a node that owned nothing in between gets its full time again", () => {
  const watch = new LeaseWatch(100)
  watch.observe("n", 1, 0)
  watch.keepOnly(new Set())
  expect(watch.observe("n", 1, 500)).toBe("alive")
})

test("[RUN2] a node that beats more often than the lease time is never held for gone", () => {
  const gaps = fc.array(fc.record({ gapMs: fc.nat(99), beats: fc.boolean() }), { maxLength: 50 })
  fc.assert(
    fc.property(gaps, (steps) => {
      const watch = new LeaseWatch(100)
      let [count, nowMs, lastBeatMs] = [1, 0, 0]
      watch.observe("n", count, nowMs)
      for (const { gapMs, beats } of steps) {
        nowMs += gapMs
        if (beats || nowMs - lastBeatMs >= 100) [count, lastBeatMs] = [count + 1, nowMs]
        expect(watch.observe("n", count, nowMs)).toBe("alive")
      }
    }),
  )
})
