/** Where a reader stands against the newest frames of a log. */
import { startCursor } from "@everthread/protocol"
import * as fc from "fast-check"
import { LogFrame } from "../../src/core/log-frame.ts"
import { Ring } from "../../src/core/ring.ts"
import { entryOf, message } from "../support/bodies.ts"

/** A ring after frames of these sizes, and every frame that was pushed. */
function ringOf(sizes: readonly number[], charsMax = 1_000_000) {
  const ring = new Ring(startCursor, charsMax)
  const frames: LogFrame[] = []
  let seq = 0
  for (const size of sizes) {
    const entries = Array.from({ length: size }, () => entryOf(++seq, message(`${seq}`)))
    const frame = LogFrame.of(ring.head, entries)
    ring.push(frame)
    frames.push(frame)
  }
  return { ring, frames, seq }
}

const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 20 })

describe("a ring", () => {
  test("[SUB4] from every frame's end the ring continues without a gap and without a repeat", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (sizes, pick) => {
        const { ring, frames, seq } = ringOf(sizes)
        const from = pick % (frames.length + 1)
        const cursor = frames[from]?.prev ?? ring.head
        const meeting = ring.meet(cursor)
        if (meeting.kind !== "joined") throw new Error(`met ${meeting.kind} at ${cursor}`)
        const seqs = meeting.frames.flatMap((frame) => frame.entries.map((entry) => entry.seq))
        const first = seq - seqs.length + 1
        expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, at) => first + at))
        expect(meeting.frames.at(-1)?.cursor ?? cursor).toBe(ring.head)
        expect(meeting.frames[0]?.prev ?? cursor).toBe(cursor)
      }),
    )
  })

  test("[SUB4] it is bounded, keeps at least the newest frame, and says of what it let go: behind", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1_000 }), (sizes, charsMax) => {
        const { ring, frames } = ringOf(sizes, charsMax)
        const kinds = frames.map((frame) => ring.meet(frame.prev).kind)
        const firstJoined = kinds.indexOf("joined")
        const kept = firstJoined < 0 ? [] : frames.slice(firstJoined)
        expect(kinds.slice(0, Math.max(firstJoined, 0)).every((kind) => kind === "behind")).toBe(true)
        expect(kept.length === 1 || kept.reduce((sum, frame) => sum + frame.bodyChars, 0) <= charsMax).toBe(true)
        if (frames.length > 0) expect(kept.length).toBeGreaterThan(0)
      }),
    )
  })

  test.each([
    ["the head", "6-aaaaaaaa", "joined"],
    ["beyond the head", "7-aaaaaaaa", "ahead"],
    ["the middle of a frame", "2-aaaaaaaa", "unknown"],
    ["another history within the ring", "3-bbbbbbbb", "unknown"],
    ["another history at the head", "6-bbbbbbbb", "unknown"],
    ["the beginning", startCursor, "joined"],
  ])("[SUB4] a reader at %s is met as it stands", (_, cursor, kind) => {
    expect(ringOf([3, 3]).ring.meet(cursor).kind).toBe(kind)
  })
})
