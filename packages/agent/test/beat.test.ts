import { ManualClock } from "../../../test/support/manual-clock.ts"
import { Beat } from "../src/beat.ts"

/** A clock whose timers are a little early, as the platform's are, which count whole milliseconds. */
class EarlyClock extends ManualClock {
  override startTimer(delayMs: number, run: () => void) {
    return super.startTimer(Math.max(delayMs - 3, 0), run)
  }
}

test("whoever counts by the same clock has the same beat", () => {
  const clock = new ManualClock()
  expect(Beat.of(clock, 50)).toBe(Beat.of(clock, 50))
  expect(Beat.of(clock, 40)).not.toBe(Beat.of(clock, 50))
  expect(Beat.of(new ManualClock(), 50)).not.toBe(Beat.of(clock, 50))
})

test("everybody who waits is called at the same beat, once, unless it was taken back", async () => {
  const clock = new ManualClock()
  const beat = new Beat(clock, 50)
  const called: string[] = []
  beat.next(() => called.push("a"))
  await clock.advance(20)
  beat.next(() => called.push("b"))
  beat.next(() => called.push("never"))()
  await clock.advance(29)
  expect(called).toEqual([])
  await clock.advance(1)
  expect(called).toEqual(["a", "b"])
  await clock.advance(500)
  expect(called).toEqual(["a", "b"])
})

test("whoever waits again at a beat is called at the next one, also where timers are early", async () => {
  const clock = new EarlyClock()
  const beat = new Beat(clock, 50)
  const startedAtMs = clock.monotonic()
  const beatsAtMs: number[] = []
  const again = () => {
    beatsAtMs.push(clock.monotonic() - startedAtMs)
    beat.next(again)
  }
  beat.next(again)
  await clock.advance(200)
  expect(beatsAtMs).toEqual([47, 97, 147, 197])
})
