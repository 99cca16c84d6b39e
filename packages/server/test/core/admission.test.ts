/** How often the store is asked whether somebody belongs to what is replayed to them, and what a removal meanwhile does. */
import type { Role } from "@everthread/protocol"
import { startCursor } from "@everthread/protocol"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { message, removed } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { RecordingSink } from "../support/recording-sink.ts"
import { bench } from "../support/subscription-under-test.ts"

const pageEntries = 512

function logWith(count: number): FakeLog {
  const log = new FakeLog()
  log.write(...Array.from({ length: count }, (_, index) => message(`${index}`)))
  return log
}

/** Does it once, at this moment of the log's first such operation. */
function onceAt(log: FakeLog, moment: string, work: () => void): void {
  let isDone = false
  log.step = (operation) => {
    if (operation !== moment || isDone) return
    isDone = true
    work()
  }
}

/** A directory that says what the test has it say, and counts who asks. */
function asking() {
  const asked = { count: 0, isMember: true }
  const role = (): Role | undefined => {
    asked.count += 1
    return asked.isMember ? "member" : undefined
  }
  return { asked, role }
}

describe("whoever is caught up", () => {
  test("[CON5] is asked for once, however many pages it takes", async () => {
    const log = logWith(3 * pageEntries)
    const { asked, role } = asking()
    const { sink } = bench({ log, clock: new ManualClock(), role }).subscribe(startCursor)
    await settled()
    expect(sink.seqs).toHaveLength(3 * pageEntries)
    expect(sink.upToDates).toHaveLength(1)
    expect(asked.count).toBe(1)
  })

  test("[CON5] is not asked for again where the node follows the conversation since before they were asked for", async () => {
    const { asked, role } = asking()
    const { hub, admission, subscribe } = bench({ log: logWith(5), clock: new ManualClock(), role })
    const known = admission("ada")
    await known.ask(await hub.feed("c"))
    const { sink } = subscribe(startCursor, { admission: known })
    await settled()
    expect(sink.upToDates).toHaveLength(1)
    expect(asked.count).toBe(1)
  })

  test.each([true, false])(
    "[CON5] and was removed behind the answer to them is asked for again (heard live: %s)",
    async (isLive) => {
      const log = logWith(5)
      const { asked, role } = asking()
      const { hub, admission, subscribe } = bench({ log, clock: new ManualClock(), role })
      const feed = isLive ? await hub.feed("c") : undefined
      const known = admission("ada")
      await known.ask(feed)
      asked.isMember = false
      log.write(removed("ada"), message("after"))
      const { sink } = subscribe(startCursor, { admission: known })
      await settled()
      expect(sink).toMatchObject({ seqs: [], error: { code: "not_member" } })
    },
  )

  test("[CON5] is asked for once with a snapshot, behind it: it may tell of a removal, and does not show where", async () => {
    const log = logWith(5)
    log.trim(3, 3)
    const { asked, role } = asking()
    const { sink } = bench({ log, clock: new ManualClock(), role }).subscribe(undefined)
    await settled()
    expect(sink).toMatchObject({ snapshots: ["fresh"], seqs: [4, 5] })
    expect(asked.count).toBe(1)
  })

  test.each([undefined, "1-aaaaaaaa"])(
    "[CON5] gets no snapshot that was read when they were removed (from %s)",
    async (cursor) => {
      const log = logWith(5)
      log.trim(3, 3)
      const { asked, role } = asking()
      onceAt(log, cursor ? "read" : "snapshot", () => {
        asked.isMember = false
      })
      const { sink } = bench({ log, clock: new ManualClock(), role }).subscribe(cursor)
      await settled()
      expect(sink).toMatchObject({ snapshots: [], seqs: [], error: { code: "not_member" } })
    },
  )

  test("[CON5] and is removed meanwhile gets no other page when this node hears of it", async () => {
    const log = logWith(pageEntries + 100)
    const { asked, role } = asking()
    onceAt(log, "read answered", () => {
      asked.isMember = false
      log.write(removed("ada"), message("after"))
    })
    const { sink } = bench({ log, clock: new ManualClock(), role }).subscribe(startCursor)
    await settled()
    expect(sink.seqs).toHaveLength(pageEntries)
    expect(sink).toMatchObject({ upToDates: [], error: { code: "not_member" } })
  })

  test("[CON5] and is removed meanwhile gets nothing behind the removal when this node hears nothing of it", async () => {
    const log = logWith(pageEntries + 100)
    const { asked, role } = asking()
    onceAt(log, "read answered", () => {
      asked.isMember = false
      log.store(removed("ada"), message("after"))
    })
    const { sink } = bench({ log, clock: new ManualClock(), role }).subscribe(startCursor)
    await settled()
    expect(sink.seqs).toHaveLength(pageEntries + 101)
    expect(sink).toMatchObject({ upToDates: [], error: { code: "not_member" } })
  })

  test("[CON5] [LIN1] is asked for again where the node has found itself in another history", async () => {
    const log = logWith(pageEntries + 100)
    const { asked, role } = asking()
    const { hub, subscribe } = bench({ log, clock: new ManualClock(), role })
    const feed = await hub.feed("c")
    onceAt(log, "read answered", () => {
      asked.isMember = false
      feed?.close()
    })
    const { sink } = subscribe(startCursor)
    await settled()
    expect(sink.seqs).toHaveLength(pageEntries)
    expect(sink.error).toMatchObject({ code: "not_member" })
  })

  test.each([true, false])(
    "[CON5] [LIN3] and is a member because the store has lost the removal gets nothing that was stored behind it (live: %s)",
    async (isLive) => {
      const log = logWith(5)
      const { hub, subscribe } = bench({ log, clock: new ManualClock() })
      await hub.feed("c")
      const sink = new RecordingSink("5-aaaaaaaa")
      const delivered: number[] = []
      sink.take = (what) => {
        if (typeof what !== "string") delivered.push(...what.entries.map(({ seq }) => seq))
      }
      if (isLive) subscribe("5-aaaaaaaa", { sink })
      await settled()
      log.write(removed("ada"))
      log.write(message("after"))
      log.rollBackTo(5, "bbbbbbbb")
      if (!isLive) subscribe("5-aaaaaaaa", { sink })
      await settled()
      expect(delivered).toEqual([6, 1, 2, 3, 4, 5])
      expect(sink).toMatchObject({ snapshots: ["diverged"], error: undefined })
    },
  )
})
