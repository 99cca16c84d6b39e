/** The fold that a live conversation keeps: late, and always the same as if it had been early. */
import { formatCursor, type LogEvent } from "@everthread/protocol"
import * as fc from "fast-check"
import { histories } from "../../../protocol/test/histories/index.ts"
import { emptyFold, foldFrame } from "../../src/core/fold.ts"
import { KeptFold } from "../../src/core/kept-fold.ts"
import { LogFrame } from "../../src/core/log-frame.ts"
import { message } from "../support/bodies.ts"

const cursorAt = (seq: number) => formatCursor(seq, "1")

function frameOf({ seq, ...body }: LogEvent): LogFrame {
  return LogFrame.of(cursorAt(seq - 1), [{ cursor: cursorAt(seq), seq, body: JSON.stringify(body) }])
}

test("[SNP1] whenever it is asked, it is the fold of everything so far, and so is what a message needs of it", () => {
  const questions = fc.array(fc.constantFrom("whole", "standing", "nothing"), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(histories(60), questions, (history, asked) => {
      let early = emptyFold
      const late = new KeptFold(emptyFold)
      for (const [index, event] of history.entries()) {
        early = foldFrame(early, frameOf(event))
        late.push(frameOf(event))
        const question = asked[index % asked.length]
        if (question === "whole") expect(late.whole()).toEqual(early)
        const { members, agent } = early.state
        if (question === "standing") expect(late.standing()).toMatchObject({ members, ...(agent ? { agent } : {}) })
      }
      expect(late.whole()).toEqual(early)
    }),
    { numRuns: 100 },
  )
})

test("frames that waited learn the state they start from", () => {
  const frames = [1, 2].map((seq) => frameOf({ ...message(`${seq}`), seq }))
  const kept = new KeptFold(emptyFold)
  for (const frame of frames) kept.push(frame)
  expect(frames.map(({ before }) => before)).toEqual([undefined, undefined])
  kept.whole()
  expect(frames.map(({ before }) => before?.messages.length)).toEqual([0, 1])
})

test("what waits is bounded", () => {
  const frame = frameOf({ ...message("long", "x".repeat(200_000)), seq: 1 })
  new KeptFold(emptyFold).push(frame)
  expect(frame.before).toBeDefined()
})
