/** A subscription, state by state: every way in, every way on, and the ways out. */
import { pageMax } from "@everthread/engine"
import { emptyState, seqOf, startCursor } from "@everthread/protocol"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import type { LogFrame } from "../../src/core/log-frame.ts"
import { unheard } from "../../src/core/presence-facts.ts"
import { message, removed } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { RecordingSink } from "../support/recording-sink.ts"
import { bench } from "../support/subscription-under-test.ts"

function logWith(count: number): FakeLog {
  const log = new FakeLog()
  for (let seq = 1; seq <= count; seq++) log.write(message(`${seq}`))
  return log
}

const at = (seq: number, nonce = "aaaaaaaa") => `${seq}-${nonce}`

describe("a subscription", () => {
  test("[SUB2] without a cursor and without a snapshot it begins at the beginning", async () => {
    const log = logWith(3)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(undefined)
    await settled()
    expect(sink).toMatchObject({ seqs: [1, 2, 3], snapshots: [], upToDates: [at(3)], faults: [] })
  })

  test("[SUB2] without a cursor it begins with the snapshot", async () => {
    const log = logWith(5)
    log.trim(3, 1)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(undefined)
    await settled()
    expect(sink).toMatchObject({ seqs: [4, 5], snapshots: ["fresh"], upToDates: [at(5)] })
    expect(sink.state).toEqual(log.stateAt(5))
  })

  test("[SUB4] at the head it reads nothing and is up to date at once", async () => {
    const log = logWith(3)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(at(3))
    await settled()
    expect(sink).toMatchObject({ seqs: [], upToDates: [at(3)] })
    expect(log.count("read")).toBe(0)
  })

  test("[SUB2] behind what is kept it gets a snapshot with the reason trimmed, and a tail", async () => {
    const log = logWith(6)
    log.trim(4, 4)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(at(1))
    await settled()
    expect(sink).toMatchObject({ seqs: [5, 6], snapshots: ["trimmed"], upToDates: [at(6)], faults: [] })
    expect(sink.state).toEqual(log.stateAt(6))
  })

  test.each([
    ["beyond the head", at(9)],
    ["of another history", at(2, "bbbbbbbb")],
    ["at the head of another history", at(3, "bbbbbbbb")],
  ])("[LIN1] a cursor %s gets a snapshot with the reason diverged, then all there is", async (_, cursor) => {
    const { sink } = bench({ log: logWith(3), clock: new ManualClock() }).subscribe(cursor)
    await settled()
    expect(sink).toMatchObject({ seqs: [1, 2, 3], snapshots: ["diverged"], upToDates: [at(3)] })
  })

  test("[LIN1] a live one whose history is replaced is told so, and follows the new one", async () => {
    const log = logWith(4)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(at(4))
    await settled()
    log.rollBackTo(2, "bbbbbbbb")
    log.write(message("new"), message("newer"))
    await settled()
    expect(sink.snapshots).toEqual(["diverged"])
    expect(sink.state).toEqual(log.stateAt(4))
    expect(sink.cursor).toBe(at(4, "bbbbbbbb"))
    log.write(message("newest"))
    expect(sink.seqs.at(-1)).toBe(5)
    expect(sink.upToDates).toHaveLength(1)
  })

  test("[NOD2] a live one that had to read again was told of nobody meanwhile, and says so when it is live again", async () => {
    const log = logWith(4)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(at(4))
    await settled()
    expect(sink.ephemerals).toEqual([])
    log.rollBackTo(2, "bbbbbbbb")
    log.write(message("new"))
    await settled()
    expect(sink.cursor).toBe(at(3, "bbbbbbbb"))
    expect(sink.ephemerals).toEqual([unheard])
  })

  test("[SUB4] what the node has not been told of yet is waited for, not delivered twice", async () => {
    const clock = new ManualClock()
    const log = logWith(2)
    const { hub, subscribe } = bench({ log, clock })
    await hub.feed("c")
    log.store(message("3"))
    // The feed is asked to look, so it learns what the message it has not got yet says.
    const { sink } = subscribe(at(3))
    await settled()
    await clock.advance(20)
    log.tellAll()
    log.write(message("4"))
    expect(sink).toMatchObject({ seqs: [4], upToDates: [at(3)], faults: [] })
  })

  test("[SUB3] after a gap in the feed it reads on by itself, and does not say again that it is up to date", async () => {
    const log = logWith(2)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(at(2))
    await settled()
    log.store(message("3"))
    log.untold.length = 0
    log.write(message("4"))
    await settled()
    expect(sink).toMatchObject({ seqs: [3, 4], upToDates: [at(2)], faults: [] })
  })

  test("[SUB2] a store that is away is tried again, and the subscription recovers", async () => {
    const clock = new ManualClock()
    const log = logWith(3)
    let isAway = true
    log.step = () => {
      if (isAway) throw new Error("The store is away.")
    }
    const { sink } = bench({ log, clock }).subscribe(startCursor)
    await clock.advance(10_000)
    expect(sink).toMatchObject({ seqs: [], upToDates: [], error: undefined })
    isAway = false
    await clock.advance(2_000)
    expect(sink).toMatchObject({ seqs: [1, 2, 3], upToDates: [at(3)], faults: [] })
  })

  test("[SUB2] when the feed is lost while live, it reads on over a new one", async () => {
    const log = logWith(2)
    const { hub, subscribe } = bench({ log, clock: new ManualClock() })
    const { sink } = subscribe(at(2))
    await settled()
    ;(await hub.feed("c"))?.close()
    log.write(message("3"))
    await settled()
    log.write(message("4"))
    expect(sink).toMatchObject({ seqs: [3, 4], upToDates: [at(2)], faults: [] })
  })

  test("[CON5] whoever is no member gets nothing but the end", async () => {
    const { sink } = bench({ log: logWith(3), clock: new ManualClock(), role: () => undefined }).subscribe(startCursor)
    await settled()
    expect(sink).toMatchObject({ seqs: [], upToDates: [], error: { code: "not_member" } })
  })

  test("[CON5] a removal that comes live ends it, and nothing comes after", async () => {
    const log = logWith(1)
    let isMember = true
    const role = () => (isMember ? ("member" as const) : undefined)
    const { sink } = bench({ log, clock: new ManualClock(), role }).subscribe(at(1))
    await settled()
    isMember = false
    log.write(removed("ada"))
    await settled()
    log.write(message("3"))
    await settled()
    expect(sink).toMatchObject({ seqs: [2], error: { code: "not_member" }, faults: [] })
  })

  test("[CON5] what follows a removal waits until the store was asked, whether it came live or in one page with it", async () => {
    const log = logWith(1)
    const role = () => (seqOf(log.headNow) > 1 ? undefined : ("member" as const))
    const { sink } = bench({ log, clock: new ManualClock(), role }).subscribe(at(1))
    await settled()
    log.write(removed("ada"))
    log.write(message("3"))
    await settled()
    expect(sink).toMatchObject({ seqs: [2], error: { code: "not_member" }, faults: [] })

    // Here the removal comes between the question and the page.
    let asked = 0
    const late = bench({ log, clock: new ManualClock(), role: () => (asked++ === 0 ? "member" : undefined) })
    const behind = late.subscribe(startCursor)
    await settled()
    expect(behind.sink).toMatchObject({ seqs: [1, 2], error: { code: "not_member" }, faults: [] })
  })

  test("[CON5] somebody else's removal is delivered like everything else, and one who is back goes on", async () => {
    const log = logWith(1)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(at(1))
    await settled()
    for (const user of ["bob", "ada"]) log.write(removed(user))
    log.write(message("4"))
    await settled()
    expect(sink).toMatchObject({ seqs: [2, 3, 4], faults: [] })
    expect(sink.error).toBeUndefined()
  })

  test("[CON5] the removal of somebody else ends nothing", async () => {
    const log = logWith(1)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(at(1))
    await settled()
    log.write(removed("bob"))
    await settled()
    log.write(message("3"))
    expect(sink).toMatchObject({ seqs: [2, 3], error: undefined })
  })

  test("[CON5] where the store cannot say whether the removal was this user's, it says so before it delivers more", async () => {
    const clock = new ManualClock()
    const log = logWith(1)
    const answers: ("member" | "fail" | undefined)[] = ["member", "fail", undefined]
    const role = () => {
      const answer = answers.shift()
      if (answer === "fail") throw new Error("The store is away.")
      return answer
    }
    const { sink } = bench({ log, clock, role }).subscribe(at(1))
    await settled()
    log.write(removed("ada"))
    await settled()
    log.write(message("3"))
    await clock.advance(2_000)
    expect(sink).toMatchObject({ seqs: [2], error: { code: "not_member" } })
  })

  test("[DLV3] what is replayed comes in frames that are bounded by their characters", async () => {
    const log = new FakeLog()
    log.write(...Array.from({ length: 40 }, (_, index) => message(`${index}`, "long ".repeat(10_000))))
    const frameChars: number[] = []
    const sink = new RecordingSink(startCursor)
    sink.take = (frame) => void frameChars.push((frame as LogFrame).bodyChars)
    bench({ log, clock: new ManualClock(), ringCharsMax: 1 }).subscribe(startCursor, { sink })
    await settled()
    expect(sink).toMatchObject({ upToDates: [at(40)], faults: [] })
    expect(sink.seqs).toHaveLength(40)
    expect(Math.max(...frameChars)).toBeLessThanOrEqual(pageMax.charsMax)
    expect(frameChars.length).toBeLessThan(10)
  })

  test("stopped in any state it delivers nothing more", async () => {
    const log = logWith(2)
    const { subscribe } = bench({ log, clock: new ManualClock() })
    const reading = subscribe(startCursor)
    reading.subscription.stop()
    const live = subscribe(at(2))
    await settled()
    live.subscription.stop()
    log.write(message("3"))
    log.tellEphemeral("{}")
    await settled()
    expect(reading.sink).toMatchObject({ seqs: [], upToDates: [] })
    expect(live.sink).toMatchObject({ seqs: [], ephemerals: [] })
  })

  test("what has no place in the log is told to those who are live", async () => {
    const log = logWith(1)
    const { sink } = bench({ log, clock: new ManualClock() }).subscribe(at(1))
    log.tellEphemeral("early")
    await settled()
    log.tellEphemeral("typing")
    expect(sink.ephemerals).toEqual(["typing"])
  })

  test("[DLV3] a device that takes no more is not read for, and goes on when it does", async () => {
    const log = logWith(2)
    const sink = new RecordingSink(startCursor, emptyState)
    let goOn: () => void = () => undefined
    sink.hold = () => new Promise((resolve) => (goOn = resolve))
    bench({ log, clock: new ManualClock() }).subscribe(startCursor, { sink })
    await settled()
    expect(log.count("read")).toBe(0)
    sink.hold = () => Promise.resolve()
    goOn()
    await settled()
    expect(sink.seqs).toEqual([1, 2])
  })
})
