/** How what is heard joins what was told: for each way a publication can meet it, and for random histories. */
import type { Appended } from "@everthread/engine"
import fc from "fast-check"
import { hear, meet, runAfter, sight, watch } from "../src/delivery/watched.ts"

const cursorAt = (seq: number, nonce = 1) => `${seq}-${seq === 0 ? 0 : nonce}`
const entryAt = (seq: number, nonce = 1) => ({ cursor: cursorAt(seq, nonce), seq, body: "{}" })

function publication(seq: number, count = 1, nonce = 1): Appended {
  const entries = Array.from({ length: count }, (_, index) => entryAt(seq + index, nonce))
  return { conversation: "c", prev: cursorAt(seq - 1, nonce), entries }
}

describe("what is heard", () => {
  test.each([
    ["follows, where nothing was told yet", undefined, publication(7), "follows"],
    ["follows what was told", cursorAt(6), publication(7, 3), "follows"],
    ["is known, where it ends where what was told ends", cursorAt(7), publication(6, 2), "known"],
    ["has a gap before it", cursorAt(6), publication(8), "gap"],
    ["has a gap before it, where another history went on", cursorAt(6, 2), publication(7), "gap"],
    ["lies behind", cursorAt(6), publication(4), "behind"],
    ["lies behind, where another history is shorter", cursorAt(6, 2), publication(6), "behind"],
  ] as const)("[LOG5] [LIN1] %s", (_, told, heard, meeting) => {
    expect(meet(told, heard)).toBe(meeting)
  })

  test.each([
    ["r", "none", "at-work"],
    ["o", "unknown", "at-work"],
    ["od", "at-work", "none"],
    ["rd", "at-work", "at-work"],
    ["", "at-work", "at-work"],
    ["", "unknown", "unknown"],
  ] as const)("[LOG5] the flags %j after %s leave a run %s", (flags, before, after) => {
    expect(runAfter(flags, before)).toBe(after)
  })

  test.each([
    ["same", cursorAt(6), cursorAt(6)],
    ["ahead", cursorAt(6), cursorAt(7)],
    ["elsewhere", cursorAt(6), cursorAt(5)],
    ["elsewhere", cursorAt(6), cursorAt(6, 2)],
    ["elsewhere", cursorAt(6), cursorAt(0)],
  ] as const)("[LIN1] a head is %s: told %s, stored %s", (seen, told, head) => {
    expect(sight(told, head)).toBe(seen)
  })

  test("[LOG5] whatever is lost, repeated or late, what is told is a chain from one miss to the next, and ends at the head", () => {
    const heard = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 })
    fc.assert(
      fc.property(heard, (seqs) => {
        const watched = watch("c", 0)
        watched.told = cursorAt(0)
        let chain: string | undefined = cursorAt(0)
        for (const seq of seqs) {
          const appended = publication(seq)
          const meeting = hear(watched, appended, "")
          if (meeting === "follows" && chain !== undefined) expect(appended.prev).toBe(chain)
          if (meeting === "follows") chain = cursorAt(seq)
          if (meeting === "gap") chain = undefined
        }
        expect(watched.told).toBe(cursorAt(Math.max(0, ...seqs)))
      }),
    )
  })
})
