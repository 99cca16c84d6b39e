/** What devices that come back together share, and when it is no longer given to anybody. */
import type { ReadResult } from "@everthread/engine"
import { type EventBody, startCursor } from "@everthread/protocol"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { LogFrame } from "../../src/core/log-frame.ts"
import { Pages } from "../../src/core/pages.ts"
import { by, entryOf, message, time } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { bench } from "../support/subscription-under-test.ts"

/** A page of a log from its beginning on. */
function tail(count: number): ReadResult {
  const entries = Array.from({ length: count }, (_, index) => entryOf(index + 1, message(`${index + 1}`)))
  const cursor = entries.at(-1)?.cursor ?? startCursor
  return { status: "tail", prev: startCursor, cursor, entries, head: cursor, more: false }
}

/** Counts what it is asked, and answers when it is told to. */
function reader(page: ReadResult) {
  const answers: (() => void)[] = []
  const read = () => new Promise<ReadResult>((resolve) => void answers.push(() => resolve(page)))
  return { read, asked: () => answers.length, answer: () => answers.at(-1)?.() }
}

const frameOf = (page: Awaited<ReturnType<Pages["read"]>>) => (page.status === "tail" ? page.frame : undefined)

describe("pages", () => {
  test("[DLV1] who asks while it is read, and afterwards, gets the same frame of one read", async () => {
    const pages = new Pages(100_000, new ManualClock())
    const { read, asked, answer } = reader(tail(3))
    const together = [pages.read("c", startCursor, read), pages.read("c", startCursor, read)]
    answer()
    const [first, second] = (await Promise.all(together)).map(frameOf)
    const later = frameOf(await pages.read("c", startCursor, read))
    expect(asked()).toBe(1)
    expect(first?.entries).toHaveLength(3)
    expect(second).toBe(first)
    expect(later).toBe(first)
  })

  test("[RET1] what is forgotten while it is read is not given to who asks afterwards", async () => {
    const pages = new Pages(100_000, new ManualClock())
    const { read, asked, answer } = reader(tail(3))
    const before = pages.read("c", startCursor, read)
    pages.forget("c")
    const after = pages.read("c", startCursor, read)
    expect(asked()).toBe(2)
    answer()
    await after
    pages.forget("c")
    expect(pages.chars).toBe(0)
    void before
  })

  test("what is empty, of another history, or failed, is asked for again", async () => {
    const pages = new Pages(100_000, new ManualClock())
    const answers: (() => Promise<ReadResult>)[] = [
      async () => tail(0),
      async () => ({ status: "diverged", snapshot: undefined, head: "9-aaaaaaaa" }),
      () => Promise.reject(new Error("away")),
      async () => tail(1),
    ]
    const statuses: string[] = []
    for (const answer of answers) {
      statuses.push(await pages.read("c", startCursor, answer).then(({ status }) => status, String))
    }
    expect(statuses).toEqual(["tail", "diverged", "Error: away", "tail"])
    expect(frameOf(await pages.read("c", startCursor, async () => tail(2)))?.entries).toHaveLength(1)
  })

  test("it is bounded, and lets go of the conversation that was asked for least recently", async () => {
    const page = tail(1)
    const pages = new Pages(3_000, new ManualClock())
    const readIn = async (conversation: string) => {
      const { read, asked, answer } = reader(page)
      const reading = pages.read(conversation, startCursor, read)
      answer()
      await reading
      return asked() === 1
    }
    for (const conversation of ["a", "b", "a", "c"]) await readIn(conversation)
    expect(pages.chars).toBeLessThanOrEqual(3_000)
    expect([await readIn("a"), await readIn("b")]).toEqual([false, true])
  })

  test("[RET2] nothing is given to anybody for longer than those need who come back together, nor kept", async () => {
    const clock = new ManualClock()
    const pages = new Pages(100_000, clock)
    expect(frameOf(await pages.read("c", startCursor, async () => tail(1)))?.entries).toHaveLength(1)
    await clock.advance(4_999)
    expect(frameOf(await pages.read("c", startCursor, async () => tail(2)))?.entries).toHaveLength(1)
    await clock.advance(1)
    expect(frameOf(await pages.read("c", startCursor, async () => tail(2)))?.entries).toHaveLength(2)
    await clock.advance(5_000)
    pages.forgetOld()
    expect(pages.chars).toBe(0)
  })

  test("[LIN3] a page that lies beyond what its reader can vouch for is given to those who asked, and not kept", async () => {
    const pages = new Pages(100_000, new ManualClock())
    const isSure = () => false
    expect(frameOf(await pages.read("c", startCursor, async () => tail(1), isSure))?.entries).toHaveLength(1)
    expect(frameOf(await pages.read("c", startCursor, async () => tail(2), isSure))?.entries).toHaveLength(2)
    expect(pages.chars).toBe(0)
  })

  test("frames that were joined for one are joined for all, and learn the state where somebody works it out", () => {
    const pages = new Pages(100_000, new ManualClock())
    const first = LogFrame.of(startCursor, [entryOf(1, message("1"))])
    const second = LogFrame.of(first.cursor, [entryOf(2, message("2"))])
    const joined = pages.joined("c", [first, second])
    expect([joined.prev, joined.cursor, joined.entries.length]).toEqual([startCursor, second.cursor, 2])
    expect(pages.joined("c", [first, second])).toBe(joined)
    expect(pages.joined("c", [second])).not.toBe(joined)
  })
})

test("[DLV1] [SUB4] devices that come back from many places share what is read, and each has the whole log", async () => {
  const log = new FakeLog()
  for (let seq = 1; seq <= 1_200; seq++) log.write(message(`${seq}`))
  const { subscribe } = bench({ log, clock: new ManualClock() })
  const first = subscribe(startCursor)
  await settled()
  const readsOfOne = log.count("read")
  const others = [startCursor, ...log.entries.slice(0, 40).map(({ cursor }) => cursor)].map((cursor) =>
    subscribe(cursor),
  )
  await settled()
  for (const { sink } of [first, ...others]) expect(sink.cursor).toBe(log.headNow)
  // Each but the first reads to the common place by itself; what lies behind it was read.
  expect(log.count("read") - readsOfOne).toBe(40)
})

test("[LIN3] what a device read ahead of its node, and the store then lost, is given to nobody else", async () => {
  const log = new FakeLog()
  log.write(message("1"))
  const { hub, subscribe } = bench({ log, clock: new ManualClock() })
  await hub.feed("c")
  log.store(message("2, which no node is told of"))
  log.step = (operation) => {
    // Before the node has looked for what the device had read.
    if (operation === "read answered") log.rollBackTo(1, "bbbbbbbb")
  }
  const { sink: ahead } = subscribe(startCursor)
  await settled()
  log.step = () => undefined
  log.write(message("2 of the new history"))
  const { sink } = subscribe(startCursor)
  await settled()
  expect(ahead.snapshots).toEqual(["diverged"])
  expect(sink).toMatchObject({ cursor: log.headNow, snapshots: [], faults: [] })
})

test.each([
  ["redacted", { type: "redaction", time, by, message: "m-2" }],
  ["expired", { type: "expired", time, upTo: 2 }],
] satisfies [string, EventBody][])(
  "[RET2] what was %s is not given to a device out of memory when the store has it no more",
  async (_, takenBack) => {
    const log = new FakeLog()
    const clock = new ManualClock()
    for (let seq = 1; seq <= 3; seq++) log.write(message(`${seq}`))
    const { subscribe } = bench({ log, clock })
    const comeBack = async () => {
      const sinks = [1, 3].map((seq) => subscribe(`${seq}-aaaaaaaa`).sink)
      await settled()
      return sinks
    }
    await comeBack()
    log.write(message("4"), takenBack)
    await comeBack() // And read what is about to be gone.
    log.trim(4, 4)
    await clock.advance(5_000)
    for (const sink of await comeBack())
      expect(sink).toMatchObject({ seqs: [5], snapshots: ["trimmed"], cursor: log.headNow })
  },
)
