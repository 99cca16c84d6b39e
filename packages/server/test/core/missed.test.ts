/** The store was out of touch: what a node makes of it, for one conversation and for a thousand at once. */
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { Feed } from "../../src/core/feed.ts"
import type { Follower } from "../../src/core/followers.ts"
import { Gate } from "../../src/core/gate.ts"
import { Hub } from "../../src/core/hub.ts"
import { noMeter } from "../../src/core/meter.ts"
import { Pages } from "../../src/core/pages.ts"
import { message } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { recordingLog } from "../support/quiet-log.ts"
import { bench } from "../support/subscription-under-test.ts"

const nothing = () => undefined
const follower: Follower = { frame: nothing, ephemeral: nothing, lost: nothing }
const away = () => {
  throw new Error("The store is away.")
}

function filled(count: number): FakeLog {
  const log = new FakeLog()
  for (let seq = 1; seq <= count; seq++) log.write(message(`${seq}`))
  return log
}

describe("a conversation that may have missed something", () => {
  test("[SUB4] is read again after a read that was under way, which may be from before it", async () => {
    const log = filled(2)
    const node = {
      log,
      logger: recordingLog(),
      meter: noMeter,
      gate: new Gate(1),
      pages: new Pages(100_000, new ManualClock()),
      ringCharsMax: 100_000,
    }
    const feed = await Feed.open({ ...node, conversation: "c", alias: 0, grown: nothing, closed: nothing })
    log.step = (operation) => {
      if (operation !== "read answered") return
      log.step = nothing
      log.store(message("stored after the read, and never told"))
      log.untold.length = 0
      log.tellMissed()
    }
    await feed?.check()
    await settled()
    expect(feed?.head).toBe(log.headNow)
  })

  test("[CON6] a thousand of them are read a few at a time, and once each", async () => {
    const log = filled(1)
    const clock = new ManualClock()
    const setting = { log, clock, logger: recordingLog(), meter: noMeter, ringCharsMax: 100_000, idleMs: 30_000 }
    const hub = new Hub({ ...setting, grown: nothing, closed: nothing })
    const feeds = await Promise.all(Array.from({ length: 1_000 }, (_, index) => hub.feed(`c${index}`)))
    for (const feed of feeds) feed?.follow(follower)
    let reading = 0
    let readingMost = 0
    log.step = async (operation) => {
      if (operation === "read") reading += 1
      readingMost = Math.max(readingMost, reading)
      await Promise.resolve()
      if (operation === "read answered") reading -= 1
    }
    log.store(message("lost"))
    log.untold.length = 0
    log.tellMissed()
    while (feeds.some((feed) => feed?.head !== log.headNow)) await settled()
    expect(log.count("read")).toBe(1_000)
    expect(readingMost).toBeGreaterThan(1)
    expect(readingMost).toBeLessThanOrEqual(32)
  })

  test("[LIN1] another history resets each device once, and none as long as the store is away", async () => {
    const log = filled(4)
    const clock = new ManualClock()
    const { subscribe } = bench({ log, clock })
    const sinks = Array.from({ length: 20 }, () => subscribe(log.headNow).sink)
    await settled()
    log.step = away
    log.rollBackTo(2, "bbbbbbbb")
    log.store(message("new"), message("newer"))
    log.untold.length = 0
    for (let round = 0; round < 5; round++) {
      log.tellMissed()
      await clock.advance(1_000)
    }
    expect(sinks.flatMap(({ snapshots }) => snapshots)).toEqual([])
    log.step = nothing
    for (let round = 0; round < 5; round++) {
      log.tellMissed()
      await clock.advance(1_000)
    }
    expect(sinks.map(({ snapshots }) => snapshots)).toEqual(sinks.map(() => ["diverged"]))
    expect(new Set(sinks.map(({ cursor }) => cursor))).toEqual(new Set([log.headNow]))
    expect(sinks.flatMap(({ faults }) => faults)).toEqual([])
  })
})
