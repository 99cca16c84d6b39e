/** A clock that is wrong deletes nothing: what is believed, what is doubted, and for how long. */
import type { Clock } from "@everthread/protocol"
import { ManualClock } from "../../../../test/support/manual-clock.ts"
import { SteadyTime } from "../../src/core/steady-time.ts"
import { type RecordingLog, recordingLog } from "../support/quiet-log.ts"

const hourMs = 60 * 60 * 1_000
const dayMs = 24 * hourMs

/** A node's time, whose wall clock can be set apart from the monotonic one, and a store with a clock of its own. */
function timeOn(logger: RecordingLog = recordingLog()) {
  const passing = new ManualClock()
  const set = { byMs: 0, storeByMs: 0 }
  const clock = { now: () => passing.now() + set.byMs, monotonic: () => passing.monotonic() } as Clock
  const wallTime = async () => passing.now() + set.storeByMs
  return { time: new SteadyTime(clock, { wallTime }, logger), set, passing, logger }
}

describe("the time by which messages expire", () => {
  test("[RET5] it is the node's, however long the node runs and however its clock is slewed", async () => {
    const { time, set, passing, logger } = timeOn()
    for (let day = 0; day < 400; day++) {
      await passing.advance(dayMs)
      set.byMs = set.storeByMs += 60_000
      expect(await time.now()).toBe(passing.now() + set.byMs)
    }
    expect(logger.lines).toEqual([])
  })

  test("[RET5] after a jump ahead there is none for a day, and one warning", async () => {
    const { time, set, passing, logger } = timeOn()
    set.byMs = set.storeByMs = 90 * dayMs
    for (let hour = 0; hour < 24; hour++) {
      expect(await time.now()).toBeUndefined()
      await passing.advance(hourMs)
    }
    expect(logger.lines).toMatchObject([{ level: "warn", fields: { aheadMs: 90 * dayMs } }])
    expect(await time.now()).toBe(passing.now() + 90 * dayMs)
    await passing.advance(hourMs)
    expect(await time.now()).toBe(passing.now() + 90 * dayMs)
  })

  test("[RET5] a jump that is taken back is as if it had not been, and the next one is doubted anew", async () => {
    const { time, set, passing, logger } = timeOn()
    set.byMs = dayMs
    expect(await time.now()).toBeUndefined()
    await passing.advance(20 * hourMs)
    set.byMs = 0
    expect(await time.now()).toBe(passing.now())
    set.byMs = dayMs
    await passing.advance(5 * hourMs)
    expect(await time.now()).toBeUndefined()
    expect(logger.lines).toHaveLength(2)
  })

  test("[RET5] a clock that is set back is believed: less expires", async () => {
    const { time, set, passing } = timeOn()
    set.byMs = -dayMs
    expect(await time.now()).toBe(passing.now() - dayMs)
  })

  test("[RET5] a node that is ahead of the store from its beginning goes by the store, and the other way round", async () => {
    const { time, set, passing } = timeOn()
    set.storeByMs = -30 * dayMs
    expect(await time.now()).toBe(passing.now() - 30 * dayMs)
    set.storeByMs = 30 * dayMs
    expect(await time.now()).toBe(passing.now())
  })
})
