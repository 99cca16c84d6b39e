/** What a run is said to be doing. */
import type { EventBody, Run } from "@everthread/protocol"
import { currentRun } from "../src/model/runs.ts"
import { stateAfter } from "./support/messages.ts"

const by = { user: "ada", device: "phone" }
const queued = (run: string) => ({ type: "run.queued", time: 0, by, run, agent: "demo", message: "m1" }) as const
const attempt = (run: string, count: number, node = "node-2") =>
  ({ type: "run.attempt", time: 0, run, attempt: count, node }) as const
const asked = (run: string) => ({ type: "input.requested", time: 0, run, interrupt: "q1", value: "?" }) as const
const answered = (run: string) => ({ type: "input.responded", time: 0, by, run, interrupt: "q1", value: true }) as const
const positions = new Map<string, number>()
const line = (...events: readonly EventBody[]) => currentRun({ state: stateAfter(...events), positions })

test("none is shown where none is open", () => {
  expect(line()).toBeUndefined()
  expect(line(queued("r1"), { type: "run.ended", time: 0, run: "r1", outcome: "completed" })).toBeUndefined()
})

test("one that waits its turn says how many are before it, if somebody has said so", () => {
  expect(line(queued("r1"))).toMatchObject({ kind: "queued", before: undefined })
  const state = stateAfter(queued("r1"))
  expect(currentRun({ state, positions: new Map([["r1", 3]]) })).toMatchObject({ kind: "queued", before: 3 })
})

test("[DEV3] one whose node is known to do nothing says so until another node has it", () => {
  const state = stateAfter(queued("r1"), attempt("r1", 1))
  expect(currentRun({ state, positions }, ["node-2"])).toMatchObject({ kind: "orphaned", node: "node-2" })
  expect(currentRun({ state, positions }, ["node-1"])).toMatchObject({ kind: "working" })
  const moved = stateAfter(queued("r1"), attempt("r1", 1), attempt("r1", 2, "node-3"))
  expect(currentRun({ state: moved, positions }, ["node-2"])).toMatchObject({ kind: "recovering", node: "node-3" })
})

test("the one under way comes before those that wait", () => {
  const shown = line(queued("r1"), queued("r2"), attempt("r2", 1))
  expect(shown).toMatchObject({ kind: "working", node: "node-2" })
  expect((shown as { readonly run: Run }).run.id).toBe("r2")
})

test("another attempt is a recovery, unless a person's answer began it", () => {
  expect(line(queued("r1"), attempt("r1", 1, "node-1"), attempt("r1", 2))).toMatchObject({
    ...{ kind: "recovering", node: "node-2", attempt: 2 },
  })
  const resumed = [queued("r1"), attempt("r1", 1), asked("r1"), answered("r1"), attempt("r1", 2)] as const
  expect(line(...resumed)).toMatchObject({ kind: "working" })
  expect(line(...resumed, attempt("r1", 3, "node-3"))).toMatchObject({ kind: "recovering", attempt: 2, node: "node-3" })
})

test("one that asks waits, and one that was stopped is stopping, whatever it did", () => {
  const waiting = [queued("r1"), attempt("r1", 1), asked("r1"), { type: "run.waiting", time: 0, run: "r1" }] as const
  expect(line(...waiting)).toMatchObject({ kind: "waiting" })
  expect(line(...waiting, { type: "run.stop", time: 0, by, run: "r1" })).toMatchObject({ kind: "stopping" })
})
