/** One node's view of one conversation: what it opens with, how it fills gaps, when it gives up. */

import type { Appended } from "@everthread/engine"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { Feed } from "../../src/core/feed.ts"
import type { Follower } from "../../src/core/followers.ts"
import { Gate } from "../../src/core/gate.ts"
import type { LogFrame } from "../../src/core/log-frame.ts"
import { noMeter } from "../../src/core/meter.ts"
import { Pages } from "../../src/core/pages.ts"
import { message } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { recordingLog } from "../support/quiet-log.ts"

class RecordingFollower implements Follower {
  readonly seqs: number[] = []
  losses = 0
  frame(frame: LogFrame): void {
    this.seqs.push(...frame.entries.map((entry) => entry.seq))
  }
  ephemeral(): void {}
  lost(): void {
    this.losses++
  }
}

async function open(log: FakeLog) {
  let closed = 0
  const grown: string[] = []
  const feed = await Feed.open({
    conversation: "c",
    log,
    logger: recordingLog(),
    meter: noMeter,
    gate: new Gate(1),
    pages: new Pages(100_000, new ManualClock()),
    ringCharsMax: 100_000,
    alias: 0,
    grown: (_, head) => grown.push(head),
    closed: () => closed++,
  })
  return { feed, grown, closings: () => closed }
}

async function opened(log: FakeLog) {
  const { feed, ...rest } = await open(log)
  if (!feed) throw new Error("The conversation exists.")
  return { feed, ...rest }
}

function filled(count: number): FakeLog {
  const log = new FakeLog()
  for (let seq = 1; seq <= count; seq++) log.write(message(`${seq}`))
  return log
}

const follow = (feed: Feed, count = 1) =>
  Array.from({ length: count }, () => {
    const follower = new RecordingFollower()
    feed.follow(follower)
    return follower
  })

describe("a feed", () => {
  test("[SUB1] what is appended at any moment while it opens is not lost", async () => {
    for (const moment of ["listen", "listen answered", "head", "head answered"]) {
      const log = filled(2)
      log.step = (operation) => {
        if (operation !== moment) return
        log.step = () => undefined
        log.write(message("while opening"))
      }
      const { feed } = await opened(log)
      expect([moment, feed.head]).toEqual([moment, log.headNow])
      const [follower] = follow(feed)
      log.write(message("after"))
      await settled()
      expect(follower?.seqs).toEqual([4])
    }
  })

  test("[SUB4] a gap is filled by one read, however many follow", async () => {
    const log = filled(2)
    const { feed } = await opened(log)
    const followers = follow(feed, 50)
    log.store(message("lost"), message("lost too"))
    log.untold.length = 0
    log.write(message("heard"))
    log.write(message("heard too"))
    await settled()
    expect(log.count("read")).toBeLessThanOrEqual(2)
    for (const { seqs } of followers) expect(seqs).toEqual([3, 4, 5, 6])
  })

  test("[SUB4] what comes in while a gap is filled is there afterwards", async () => {
    const log = filled(1)
    const { feed } = await opened(log)
    const [follower] = follow(feed)
    const late: Appended[] = []
    log.step = (operation) => {
      if (operation === "read answered" && late.length === 0) {
        late.push(log.store(message("3"), message("4")))
        log.tellAll()
      }
    }
    log.store(message("2"))
    log.untold.length = 0
    void feed.check()
    await settled()
    expect(follower?.seqs).toEqual([2, 3, 4])
    expect(feed.head).toBe(log.headNow)
  })

  test("[SUB4] what comes in at the very moment a gap has been filled is there afterwards", async () => {
    // So many turns of the promise queue after the read as could lie between its end and what follows.
    for (let turns = 0; turns < 12; turns++) {
      const log = filled(1)
      const { feed } = await opened(log)
      const [follower] = follow(feed)
      void feed.check()
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      log.write(message("2"))
      await settled()
      expect([turns, follower?.seqs]).toEqual([turns, [2]])
    }
  })

  test("[LIN1] a head that is of another history closes it, and tells every follower once", async () => {
    const log = filled(4)
    const { feed, closings } = await opened(log)
    const followers = follow(feed, 3)
    log.rollBackTo(2, "bbbbbbbb")
    log.write(message("other"))
    await settled()
    expect(feed.closed).toBe(true)
    expect(followers.map(({ losses }) => losses)).toEqual([1, 1, 1])
    expect(closings()).toBe(1)
    expect(log.listeners).toBe(0)
  })

  test("[CON6] a gap that cannot be filled closes it, so that followers read for themselves", async () => {
    const log = filled(1)
    const { feed } = await opened(log)
    const [follower] = follow(feed)
    log.step = () => {
      throw new Error("The store is away.")
    }
    await feed.check()
    expect(feed.closed).toBe(true)
    expect(follower?.losses).toBe(1)
  })

  test("[CON6] one that cannot open listens no more", async () => {
    const log = filled(1)
    log.step = (operation) => {
      if (operation === "head") throw new Error("The store is away.")
    }
    await expect(open(log)).rejects.toThrow("The store is away.")
    expect(log.listeners).toBe(0)
  })

  test("[CON6] a follower that throws is told to read for itself, and the others get all there is", async () => {
    const log = filled(1)
    const { feed } = await opened(log)
    const [before] = follow(feed)
    const [faulty] = follow(feed)
    const [after] = follow(feed)
    const fail = () => {
      throw new Error("It takes nothing.")
    }
    Object.assign(faulty as RecordingFollower, { frame: fail, ephemeral: fail })
    log.write(message("2"))
    log.tellEphemeral("{}")
    log.write(message("3"))
    expect([before?.seqs, after?.seqs]).toEqual([
      [2, 3],
      [2, 3],
    ])
    expect([before, faulty, after].map((each) => each?.losses)).toEqual([0, 3, 0])
  })

  test("[CON6] an event that cannot be folded costs the state, not the frame", async () => {
    const log = filled(1)
    const { feed } = await opened(log)
    const [follower] = follow(feed)
    await feed.state()
    log.write({ ...message("2"), type: "receipt", by: null } as never)
    log.write(message("3"))
    expect(follower?.seqs).toEqual([2, 3])
  })

  test("[LOG4] a conversation that does not exist has none, and nothing listens", async () => {
    const log = new FakeLog()
    log.exists = false
    expect((await open(log)).feed).toBeUndefined()
    expect(log.listeners).toBe(0)
  })

  test("[LOG5] an append that is told twice is one", async () => {
    const log = filled(1)
    const { feed, grown } = await opened(log)
    const [follower] = follow(feed)
    const appended = log.store(message("2"))
    log.untold.push(appended)
    log.tellAll()
    await settled()
    expect(follower?.seqs).toEqual([2])
    expect(grown).toEqual(["2-aaaaaaaa"])
  })

  test("[SNP1] its state is kept at its head from the first time somebody asks", async () => {
    const log = filled(3)
    const { feed } = await opened(log)
    const [one, two] = await Promise.all([feed.state(), feed.state()])
    expect(one?.state).toEqual(log.stateAt(3))
    expect(two).toBe(one)
    log.write(message("4"))
    expect((await feed.state())?.state).toEqual(log.stateAt(4))
    expect(log.count("snapshot")).toBe(1)
  })

  test("[SNP1] what comes in while the state is being folded is in it", async () => {
    const log = filled(3)
    const { feed } = await opened(log)
    log.step = (operation) => {
      if (operation !== "read answered") return
      log.step = () => undefined
      log.write(message("4"))
    }
    const folded = await feed.state()
    expect(folded?.cursor).toBe(feed.head)
    expect(folded?.state).toEqual(log.stateAt(4))
  })
})
