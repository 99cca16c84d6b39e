/** What devices that come back together share, and when it is no longer given to anybody. */
import type { ReadResult } from "@everthread/engine"
import { startCursor } from "@everthread/protocol"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { LogFrame } from "../../src/core/log-frame.ts"
import { Pages } from "../../src/core/pages.ts"
import { entryOf, message } from "../support/bodies.ts"
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
    const pages = new Pages(100_000)
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
    const pages = new Pages(100_000)
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
    const pages = new Pages(100_000)
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
    const pages = new Pages(3_000)
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

  test("frames that were joined for one are joined for all, and learn the state where somebody works it out", () => {
    const pages = new Pages(100_000)
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
