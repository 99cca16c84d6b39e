/** What runs and their output do, scene by scene. */
import {
  type By,
  coalesce,
  type EventBody,
  isOpen,
  type Json,
  type LogEvent,
  limits,
  reduce,
  textOf,
} from "@everthread/protocol"
import { expect, test } from "vitest"
import { after, ann, bob, time } from "./scene.ts"

const queued = (run = "r1") => ({ type: "run.queued", time, by: ann, run, agent: "scribe", message: "m1" }) as const
const attempt = (n = 1, run = "r1") => ({ type: "run.attempt", time, run, attempt: n, node: `node-${n}` }) as const
const ended = (outcome: "completed" | "stopped" | "failed", run = "r1") =>
  ({ type: "run.ended", time, run, outcome }) as const
const output = (data: { [key: string]: Json }, message = "a1"): EventBody => ({
  type: "agent",
  time,
  run: "r1",
  method: "messages",
  ns: ["model:1"],
  message,
  data,
})
const tools = (data: { [key: string]: Json }): EventBody => ({
  type: "agent",
  time,
  run: "r1",
  method: "tools",
  ns: ["tools:1"],
  data,
})
const delta = (at: number, text: string, block = 0) => ({ type: "delta", message: "a1", block, at, text }) as const

const start = output({ event: "message-start" })
const startText = (index: number, message = "a1") =>
  output({ event: "content-block-start", index, content: { type: "text", text: "" } }, message)
const speaking = [queued(), attempt(), start, startText(0)]
const textNow = (...bodies: EventBody[]) => after(...speaking, ...bodies).messages[0]?.blocks[0]?.text

test("a run waits in the queue, is claimed, waits for an answer, ends", () => {
  const statusAfter = (...bodies: EventBody[]) => after(...bodies).runs[0]
  expect(statusAfter(queued())).toMatchObject({ status: "queued", attempt: 0, seq: 1 })
  expect(statusAfter(queued(), attempt())).toMatchObject({ status: "running", attempt: 1, node: "node-1" })
  const waiting = statusAfter(queued(), attempt(), { type: "run.waiting", time, run: "r1" })
  expect(waiting).toMatchObject({ status: "waiting" })
  expect(waiting).not.toHaveProperty("node")
  const failed = statusAfter(queued(), attempt(), { ...ended("failed"), error: "the model said no" })
  expect(failed).toMatchObject({ status: "failed", error: "the model said no" })
  expect(failed && isOpen(failed)).toBe(false)
})

test("the first to stop a run is named; a run that has ended is not stopped", () => {
  const stop = (by: By) => ({ type: "run.stop", time, by, run: "r1" }) as const
  expect(after(queued(), stop(ann), stop(bob)).runs[0]?.stopBy).toEqual(ann)
  expect(after(queued(), ended("completed"), stop(ann)).runs[0]?.stopBy).toBeUndefined()
})

test("an assistant's message grows by deltas, and is complete when it is finished", () => {
  const streamed = [delta(0, "Hel"), delta(3, "lo")]
  const finish = output({ event: "content-block-finish", index: 0, content: { type: "text", text: "Hello" } })
  const [growing] = after(...speaking, ...streamed).messages
  expect(growing).toMatchObject({ role: "assistant", status: "streaming", agent: "scribe", run: "r1", ns: ["model:1"] })
  expect(growing && textOf(growing)).toBe("Hello")
  const state = after(...speaking, ...streamed, finish, output({ event: "message-finish" }))
  expect(state.messages[0]).toMatchObject({ seq: 3, doneSeq: 8 })
  expect(state.messages[0]).toMatchObject({ status: "complete", blocks: [{ kind: "text", text: "Hello", done: true }] })
  expect(state.runs[0]?.messages).toBe(1)
})

test("[FRM4] a delta adds only what is missing", () => {
  expect(textNow(delta(0, "Hello"), delta(0, "Hello"))).toBe("Hello")
  expect(textNow(delta(0, "Hello"), delta(3, "lo you"))).toBe("Hello you")
  expect(textNow(delta(0, "Hello"), delta(1, "ell"))).toBe("Hello")
  expect(textNow(delta(0, "Hello"), delta(9, "too far"))).toBe("Hello")
  expect(textNow(delta(0, "Hello"), delta(0, "other block", 1))).toBe("Hello")
})

test("[FRM4] a delta that comes again after the block's final text, which may be shorter, adds nothing", () => {
  const startCall = output({
    event: "content-block-start",
    index: 0,
    content: { type: "tool_call_chunk", id: "c1", name: "add", args: "" },
  })
  const finishCall = output({
    event: "content-block-finish",
    index: 0,
    content: { type: "tool_call", id: "c1", name: "add", args: { a: 1 } },
  })
  const args = delta(0, '{ "a":  1 }')
  const [message] = after(queued(), attempt(), start, startCall, args, finishCall, args).messages
  expect(message?.blocks).toEqual([
    { kind: "tool_call", text: '{"a":1}', done: true, tool: { id: "c1", name: "add", status: "called" } },
  ])
})

test("[FRM4] what was applied before keeps the very same messages, so that nothing is drawn again", () => {
  const state = after(...speaking, delta(0, "Hello"))
  expect(reduce(state, { ...delta(0, "Hello"), seq: 6 }).messages).toBe(state.messages)
})

test("a block whose names are objects, with fields that hide every method, is survived", () => {
  const trap = { toString: 1, valueOf: 2, toJSON: 3 }
  const content = { type: "tool_call", id: trap, name: trap, args: trap, text: [trap] }
  const blocks = [
    output({ event: "content-block-start", index: 0, content: { ...content, type: trap } }),
    output({ event: "content-block-finish", index: 0, content }),
  ]
  expect(after(queued(), attempt(), start, ...blocks).messages[0]?.blocks).toEqual([
    { kind: "tool_call", text: JSON.stringify(trap), done: true, tool: { id: "", name: "", status: "called" } },
  ])
})

test("a finished block without a text keeps what was streamed", () => {
  const finish = output({ event: "content-block-finish", index: 0, content: { type: "text" } })
  expect(textNow(delta(0, "Hello"), finish)).toBe("Hello")
})

test("a tool's fate is told on its call, whoever ran it", () => {
  const call = { type: "tool_call", id: "c1", name: "add", args: { a: 1 } }
  const block = output({ event: "content-block-finish", index: 0, content: call })
  const started = tools({ event: "tool-started", tool_call_id: "c1", tool_name: "add" })
  const toolAfter = (...more: EventBody[]) =>
    after(queued(), attempt(), start, block, started, ...more).messages[0]?.blocks[0]?.tool
  expect(toolAfter()).toEqual({ id: "c1", name: "add", status: "running" })
  expect(toolAfter(tools({ event: "tool-finished", tool_call_id: "c1", output: 3 }))).toMatchObject({
    status: "finished",
    output: 3,
  })
  expect(toolAfter(tools({ event: "tool-error", tool_call_id: "c1", message: "no" }))).toMatchObject({
    status: "failed",
    output: "no",
  })
})

test("a block that is more than its text keeps its content", () => {
  const content = { type: "image", url: "https://example.org/a.png" }
  const [message] = after(
    ...[queued(), attempt(), start],
    output({ event: "content-block-finish", index: 0, content }),
  ).messages
  expect(message?.blocks[0]).toEqual({ kind: "image", text: "", done: true, content })
})

test("a takeover takes back what was shown since the checkpoint", () => {
  const rewind: EventBody = { type: "rewind", time, run: "r1", attempt: 2, messages: ["a1"] }
  const state = after(...speaking, delta(0, "half a th"), attempt(2), rewind, delta(9, "ought"))
  expect(state.messages).toEqual([])
  expect(state.runs[0]).toMatchObject({ status: "running", attempt: 2, node: "node-2", messages: 1 })
})

test("what a stopped run had begun to say is kept, and is no longer growing", () => {
  const [message] = after(...speaking, delta(0, "half a th"), ended("stopped")).messages
  expect(message).toMatchObject({ status: "stopped", doneSeq: 6, blocks: [{ text: "half a th" }] })
})

test("a message whose model failed is no longer growing", () => {
  expect(after(...speaking, output({ event: "error", message: "overloaded" })).messages[0]?.status).toBe("stopped")
})

test("a redacted message stays empty, though its run goes on speaking", () => {
  const redaction = { type: "redaction", time, by: ann, message: "a1" } as const
  const [message] = after(...speaking, delta(0, "secret"), redaction, delta(6, "s"), startText(0)).messages
  expect(message).toMatchObject({ redacted: true, blocks: [] })
})

test("output cannot change a person's message, though it names it", () => {
  const hello = { type: "message", time, by: ann, id: "m1", key: "k1", text: "hello" } as const
  const before = after(hello).messages
  expect(after(hello, startText(0, "m1"), output({ event: "message-finish" }, "m1")).messages).toEqual(before)
})

test("an edit cannot put words into an agent's message", () => {
  const edit = { type: "edit", time, by: ann, message: "a1", text: "I agree" } as const
  expect(after(...speaking, edit).messages[0]).toMatchObject({ text: "" })
})

test("an interrupt is answered once", () => {
  const asked = { type: "input.requested", time, run: "r1", interrupt: "i1", value: "which?" } as const
  const answer = (by: By, value: string) =>
    ({ type: "input.responded", time, by, run: "r1", interrupt: "i1", value }) as const
  const state = after(queued(), attempt(), asked, asked, answer(ann, "red"), answer(bob, "blue"))
  expect(state.interrupts).toEqual([
    { id: "i1", seq: 3, run: "r1", value: "which?", answer: { by: ann, value: "red" } },
  ])
})

test("questions that nobody answered end with their run", () => {
  const asked = { type: "input.requested", time, run: "r1", interrupt: "i1", value: "which?" } as const
  expect(after(queued(), attempt(), asked, ended("stopped")).interrupts).toEqual([])
})

test("the root graph's checkpoint is remembered, a subgraph's is not", () => {
  const checkpoint = (id: string, ns: string[]): EventBody => {
    return { type: "agent", time, run: "r1", method: "checkpoints", ns, data: { id } }
  }
  const state = after(queued(), attempt(), checkpoint("cp1", []), checkpoint("cp2", ["sub:1"]))
  expect(state.runs[0]?.checkpoint).toBe("cp1")
})

test("[SNP3] ended runs, answered and open interrupts, blocks and their texts are bounded", () => {
  const many = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i))
  const runs = many(limits.stateEndedRunsMax + 5, (i) => [queued(`r${i}`), ended("completed", `r${i}`)]).flat()
  expect(after(...runs).runs.map((run) => run.id)).toEqual(many(limits.stateEndedRunsMax, (i) => `r${i + 5}`))

  const asked = many(
    limits.stateOpenInterruptsMax + 5,
    (i) => ({ type: "input.requested", time, run: "r1", interrupt: `i${i}`, value: i }) as const,
  )
  expect(after(queued(), ...asked).interrupts).toHaveLength(limits.stateOpenInterruptsMax)

  const blocks = many(limits.messageBlocksMax + 5, (index) => startText(index))
  expect(after(queued(), attempt(), start, ...blocks).messages[0]?.blocks).toHaveLength(limits.messageBlocksMax)

  const flood = many(4, (i) => delta(i * 400_000, "x".repeat(400_000)))
  expect(textNow(...flood)).toHaveLength(limits.blockCharsMax)
})

const question = (i: number, run = "r1") =>
  ({ type: "input.requested", time, run, interrupt: `${run}-${i}`, value: i }) as const
const answer = (i: number, run = "r1") =>
  ({ type: "input.responded", time, by: ann, run, interrupt: `${run}-${i}`, value: i }) as const
const dialogue = (length: number, run = "r1") =>
  Array.from({ length }, (_, i) => [question(i, run), answer(i, run)]).flat()

test("[RUN5] [SNP3] what was answered stays until its run has ended, then the newest few do", () => {
  const asked = limits.stateAnsweredInterruptsMax + 5
  const held = (...bodies: EventBody[]) => after(queued(), ...dialogue(asked), ...bodies).interrupts.map(({ id }) => id)
  const ids = (run: string) => Array.from({ length: asked }, (_, i) => `${run}-${i}`)
  expect(held()).toEqual(ids("r1"))
  expect(held(ended("completed"))).toEqual(ids("r1").slice(5))
  expect(held(ended("completed"), queued("r2"), ...dialogue(asked, "r2"))).toEqual([
    ...ids("r1").slice(5),
    ...ids("r2"),
  ])
})

test("[SNP3] questions of open runs are bounded, answered or not: one too many is not taken in, and none is let go", () => {
  const max = limits.stateOpenRunInterruptsMax
  const { interrupts } = after(queued(), ...dialogue(max), question(max), queued("r2"), question(1, "r2"))
  expect(interrupts.map(({ id }) => id)).toEqual(Array.from({ length: max }, (_, i) => `r1-${i}`))
  const next = after(queued(), ...dialogue(max), ended("completed"), queued("r2"), question(1, "r2"))
  expect(next.interrupts.at(-1)?.id).toBe("r2-1")
})

test("[FRM4] deltas of different blocks and messages are not joined", () => {
  const place = (event: EventBody, seq: number) => ({ ...event, seq }) as LogEvent
  const apart = [place(delta(0, "a"), 1), place(delta(1, "b", 1), 2), place({ ...delta(2, "c", 1), message: "a2" }, 3)]
  expect(coalesce(apart)).toEqual(apart)
  expect(coalesce([place(delta(0, "a"), 1), place(delta(2, "c"), 2)])).toHaveLength(2)
  expect(coalesce([place(delta(0, "a"), 1), place(delta(1, "b"), 2)])).toEqual([place(delta(0, "ab"), 2)])
})

test("[RUN9] a run remembers which checkpoint its first one followed, and one that answers anew the one that it goes back to", () => {
  const checkpoint = (id: string, parent: string | undefined, run = "r1"): EventBody => ({
    type: "agent",
    time,
    run,
    method: "checkpoints",
    ns: [],
    data: { id, ...(parent === undefined ? {} : { parent_id: parent }) },
  })
  const first = [queued(), attempt(), checkpoint("c1", undefined), checkpoint("c2", "c1"), ended("completed")]
  expect(after(...first).runs[0]).toMatchObject({ before: "", checkpoint: "c2" })
  const again = { ...queued("r2"), again: { run: "r1", from: "" } }
  const second = [again, attempt(1, "r2"), checkpoint("c3", "c2", "r2")]
  expect(after(...first, ...second).runs[1]).toMatchObject({ again: again.again, before: "", checkpoint: "c3" })
  const next = [queued("r3"), attempt(1, "r3"), checkpoint("c4", "c3", "r3")]
  expect(after(...first, ...second, ...next).runs[2]).toMatchObject({ before: "c3" })
  expect(after(queued(), attempt(), ended("failed")).runs[0]).not.toHaveProperty("before")
})

test("a promoted run stands behind those that were begun, before all others that wait", () => {
  const queued = (run: string) => ({ type: "run.queued", time, by: ann, run, agent: "scribe", message: run }) as const
  const attempt = { type: "run.attempt", time, run: "r1", attempt: 1, node: "n" } as const
  const state = after(queued("r1"), queued("r2"), queued("r3"), attempt, {
    type: "run.promoted",
    time,
    by: bob,
    run: "r3",
  })
  expect(state.runs.map(({ id }) => id)).toEqual(["r1", "r3", "r2"])
  const begun = { type: "run.promoted", time, by: bob, run: "r1", seq: 6 } as const
  expect(reduce(state, begun).runs).toEqual(state.runs)
})

test("a run whose message another one took in says which", () => {
  const queued = {
    type: "run.queued",
    time,
    by: ann,
    run: "r2",
    agent: "scribe",
    message: "m2",
    whenBusy: "steer",
  } as const
  const state = after(queued, { type: "run.ended", time, run: "r2", outcome: "merged", into: "r1" })
  expect(state.runs).toMatchObject([{ id: "r2", status: "merged", into: "r1", whenBusy: "steer" }])
})

test("an interrupt that expired was answered by nobody, with its default", () => {
  const asked = {
    type: "input.requested",
    time,
    run: "r1",
    interrupt: "i1",
    value: "sure?",
    expiresAt: time + 1,
    default: false,
  } as const
  const queued = { type: "run.queued", time, by: ann, run: "r1", agent: "scribe", message: "m1" } as const
  const state = after(queued, asked, {
    type: "input.responded",
    time,
    run: "r1",
    interrupt: "i1",
    value: false,
    expired: true,
  })
  expect(state.interrupts).toMatchObject([{ id: "i1", expiresAt: time + 1, default: false, answer: { value: false } }])
  expect(state.interrupts[0]?.answer).not.toHaveProperty("by")
})
