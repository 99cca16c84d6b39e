/** How the log comes into what a page shows already. */
import { emptyState, type LogEvent, reduceAll } from "@everthread/protocol"
import { type UIMessage, uiMessages } from "@everthread/protocol/ai-sdk"
import * as fc from "fast-check"
import { histories } from "../../../protocol/test/histories/index.ts"
import { mergeMessages } from "../../src/ai-sdk/index.ts"

const says = (id: string, text = id): UIMessage => ({ id, role: "user", parts: [{ type: "text", text }] })
const answers = (id: string, ...parts: UIMessage["parts"]): UIMessage => ({ id, role: "assistant", parts })
const text = (words: string, state = "done") => ({ type: "text", text: words, state })
const tool = (state: string) => ({ type: "tool-pay", toolCallId: "call", state })

test("[AIS7] the page shows the log's messages in the log's order, and what it has not sent behind them", () => {
  const [unsent, log] = [says("mine"), [says("m1"), answers("r1", text("1")), says("m2")]]
  expect(mergeMessages([says("m2"), says("m1"), unsent], log, false)).toEqual([...log, unsent])
})

test("[AIS7] what was taken back leaves the page, and what it had made up of an answer does, too", () => {
  const shown = [says("m1"), answers("r1", text("lost")), answers("made-up", text("?"))]
  expect(mergeMessages(shown, [says("m1")], false)).toEqual([says("m1")])
})

test("[AIS7] the answer that the page is being told stays as it is until it ends", () => {
  const [told, logged] = [answers("r1", text("On", "streaming")), answers("r1", text("Once", "streaming"))]
  const shown = [says("m1"), told]
  expect(mergeMessages(shown, [says("m1"), logged], true)[1]).toBe(told)
  expect(mergeMessages(shown, [says("m1"), logged], false)[1]).toBe(logged)
  // It is told of the answer before the log of this page has come to it.
  expect(mergeMessages(shown, [says("m1")], true)).toEqual(shown)
})

test("[AIS7] an answer that a person has given and not sent is not lost to the log, which still asks", () => {
  const own = answers("r1", tool("approval-responded"))
  const asked = answers("r1", tool("approval-requested"))
  const answered = answers("r1", tool("output-available"))
  expect(mergeMessages([own], [asked], false)).toEqual([own])
  expect(mergeMessages([own], [answered], false)).toEqual([answered])
})

test("[AIS7] whatever the log went through, a page that shows the log already stays as it is", () => {
  fc.assert(
    fc.property(histories(60), (history: LogEvent[]) => {
      const logged = uiMessages(reduceAll(emptyState, history))
      expect(new Set(logged.map(({ id }) => id)).size).toBe(logged.length)
      expect(mergeMessages(logged, logged, false)).toEqual(logged)
    }),
  )
})

test("what has not changed is the same object as before, so that a page draws only what has", () => {
  fc.assert(
    fc.property(histories(60), (history: LogEvent[]) => {
      const before = reduceAll(emptyState, history)
      const known = new Map(uiMessages(before).map((message) => [message.id, message]))
      const titled: LogEvent = {
        type: "conversation.changed",
        time: 0,
        by: { user: "a", device: "b" },
        title: "T",
        seq: before.seq + 1,
      }
      for (const message of uiMessages(reduceAll(before, [titled]))) expect(known.get(message.id)).toBe(message)
    }),
  )
})
