/** Frames that a device's protocol cannot say: tried again, then an end with a reason, and never a gap. */
import { type Cursor, startCursor } from "@everthread/protocol"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { LogFrame } from "../../src/core/log-frame.ts"
import { entryOf, message } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { RecordingSink } from "../support/recording-sink.ts"
import { bench } from "../support/subscription-under-test.ts"

function logWith(count: number): FakeLog {
  const log = new FakeLog()
  for (let seq = 1; seq <= count; seq++) log.write(message(`${seq}`))
  return log
}

const at = (seq: number) => `${seq}-aaaaaaaa`

/** A sink that fails on whatever holds this entry, as often as it is told to. */
function sinkWithout(seq: number, cursor: Cursor, times = Number.POSITIVE_INFINITY) {
  const sink = new RecordingSink(cursor)
  const thrown = { times: 0 }
  sink.take = (what) => {
    const holds = what instanceof LogFrame && what.entries.some((entry) => entry.seq === seq)
    if (!holds || thrown.times >= times) return
    thrown.times++
    throw new RangeError("Invalid string length")
  }
  return { sink, thrown }
}

describe("a frame that cannot be delivered", () => {
  test.each([false, true])(
    "[FRM2] [SUB3] on replay it is tried again, and nothing is left out (stateful: %s)",
    async (stateful) => {
      const clock = new ManualClock()
      const { sink } = sinkWithout(3, startCursor, 1)
      bench({ log: logWith(6), clock, ringCharsMax: 1 }).subscribe(startCursor, { sink, stateful })
      await settled()
      expect(sink).toMatchObject({ seqs: [], upToDates: [] })
      await clock.advance(10_000)
      expect(sink).toMatchObject({ seqs: [1, 2, 3, 4, 5, 6], upToDates: [at(6)], faults: [], error: undefined })
    },
  )

  test("[FRM2] live it is tried again, and what came meanwhile follows it", async () => {
    const clock = new ManualClock()
    const log = logWith(2)
    const { sink } = sinkWithout(3, at(2), 1)
    bench({ log, clock }).subscribe(at(2), { sink })
    await settled()
    log.write(message("3"), message("4"))
    log.write(message("5"))
    expect(sink.seqs).toEqual([])
    await clock.advance(10_000)
    log.write(message("6"))
    expect(sink).toMatchObject({ seqs: [3, 4, 5, 6], upToDates: [at(2)], faults: [] })
  })

  test("[FRM2] what fails again ends the subscription with everything before it delivered, and is never skipped", async () => {
    const clock = new ManualClock()
    const { sink, thrown } = sinkWithout(5, startCursor)
    const log = logWith(9)
    bench({ log, clock, ringCharsMax: 1 }).subscribe(startCursor, { sink })
    await clock.advance(60_000)
    expect(sink).toMatchObject({ seqs: [1, 2, 3, 4], upToDates: [], faults: [], error: { code: "internal" } })
    expect(thrown.times).toBeLessThanOrEqual(3)
    log.write(message("10"))
    await settled()
    expect(sink.seqs).toEqual([1, 2, 3, 4])
  })

  test("[FRM2] one in the newest frames of the node ends those that join there too", async () => {
    const clock = new ManualClock()
    const log = logWith(2)
    const { hub, subscribe } = bench({ log, clock })
    await hub.feed("c")
    for (let seq = 3; seq <= 6; seq++) log.write(message(`${seq}`))
    const { sink } = sinkWithout(4, at(2))
    subscribe(at(2), { sink })
    await clock.advance(60_000)
    expect(sink).toMatchObject({ seqs: [3], upToDates: [], faults: [], error: { code: "internal" } })
  })

  test("[CON6] it is tried again only after a pause", async () => {
    const clock = new ManualClock()
    const log = logWith(3)
    const { sink, thrown } = sinkWithout(1, startCursor)
    bench({ log, clock, ringCharsMax: 1 }).subscribe(startCursor, { sink })
    await settled()
    expect([thrown.times, log.count("read")]).toEqual([1, 1])
  })

  test("[CON6] live it ends only the subscriptions that cannot take it, and is logged as an error once", async () => {
    const clock = new ManualClock()
    const log = logWith(2)
    const { logger, subscribe } = bench({ log, clock })
    const bad = Array.from({ length: 3 }, () => subscribe(at(2), { sink: sinkWithout(4, at(2)).sink }).sink)
    const good = subscribe(at(2)).sink
    const early = sinkWithout(4, startCursor).sink
    await settled()
    log.write(message("3"))
    log.write(message("4"))
    log.write(message("5"))
    expect(good.seqs).toEqual([3, 4, 5])
    subscribe(startCursor, { sink: early })
    await clock.advance(60_000)
    for (const sink of bad) expect(sink).toMatchObject({ seqs: [3], faults: [], error: { code: "internal" } })
    expect(early).toMatchObject({ seqs: [1, 2, 3], faults: [], error: { code: "internal" } })
    log.write(message("6"))
    expect(good).toMatchObject({ seqs: [3, 4, 5, 6], error: undefined })
    expect(logger.lines.filter(({ level }) => level === "error")).toHaveLength(1)
  })

  test("[SUB2] where the store forgets it meanwhile, what is there instead is delivered", async () => {
    const clock = new ManualClock()
    const log = logWith(5)
    const { sink } = sinkWithout(4, at(2), 1)
    bench({ log, clock }).subscribe(at(2), { sink })
    log.write(message("6"))
    await settled()
    log.rollBackTo(2, "bbbbbbbb")
    await clock.advance(10_000)
    log.write(message("new"))
    await clock.advance(10_000)
    expect(sink).toMatchObject({ seqs: [3], snapshots: [], faults: [], error: undefined })
    expect(sink.cursor).toBe("3-bbbbbbbb")
  })

  test("[SUB2] a snapshot that cannot be said is tried again, and then ends it", async () => {
    const clock = new ManualClock()
    const log = logWith(5)
    log.trim(4, 4)
    const sinks = [1, 9].map((times) => {
      const sink = new RecordingSink(at(1))
      sink.take = (what) => {
        if (typeof what === "string" && times-- > 0) throw new RangeError("Invalid string length")
      }
      return sink
    })
    const { subscribe } = bench({ log, clock })
    for (const sink of sinks) subscribe(at(1), { sink })
    await clock.advance(60_000)
    expect(sinks[0]).toMatchObject({ seqs: [5], snapshots: ["trimmed"], upToDates: [at(5)], error: undefined })
    expect(sinks[1]).toMatchObject({ seqs: [], snapshots: [], upToDates: [], error: { code: "internal" } })
  })

  test("[DLV1] an encoding that fails is tried once, however many connections ask", () => {
    const frame = LogFrame.of(startCursor, [entryOf(1, message("1"))])
    let calls = 0
    const encoder = {
      encode: () => {
        calls++
        throw new RangeError("Invalid string length")
      },
    }
    for (let i = 0; i < 3; i++) expect(() => frame.bytes("c", encoder)).toThrow(RangeError)
    expect(calls).toBe(1)
  })
})
