/** What stands where in the chat. */
import { emptyState, type Interrupt, type Run } from "@everthread/protocol"
import { type TimelineItem, timelineOf } from "../src/model/timeline.ts"
import { answered, minuteMs, said } from "./support/messages.ts"

const hourMs = 60 * minuteMs
const dayOf = (time: number) => String(Math.floor(time / (24 * hourMs)))
const view = { messages: [said("ada", 1)], state: emptyState, pending: [] }
const shape = (items: readonly TimelineItem[]) =>
  items.map((item) => {
    if (item.kind === "message") return `${item.message.id}${item.isFirst ? "!" : ""}`
    return item.kind
  })
const shown = (given: Partial<typeof view>, newFrom?: number) =>
  shape(timelineOf({ ...view, ...given }, { newFrom, dayOf }))

const run = (more: Partial<Run> = {}): Run => ({
  id: "r1",
  seq: 2,
  agent: "demo",
  message: "m1",
  by: { user: "ada", device: "phone" },
  status: "running",
  attempt: 1,
  messages: 0,
  ...more,
})
const question = (seq: number, more: Partial<Interrupt> = {}): Interrupt => ({
  id: `q${seq}`,
  seq,
  run: "r1",
  value: "sure?",
  ...more,
})

describe("messages", () => {
  test("of one author that follow each other closely stand under one name", () => {
    const messages = [said("ada", 1), said("ada", 2), said("bob", 3), said("bob", 4), answered(5, "hi")]
    expect(shown({ messages })).toEqual(["day", "m1!", "m2", "m3!", "m4", "a5!"])
  })

  test("that are a while apart, or answer another one, are named again", () => {
    expect(shown({ messages: [said("ada", 1), said("ada", 7)] })).toEqual(["day", "m1!", "m7!"])
    expect(shown({ messages: [said("ada", 1), said("ada", 2, { replyTo: "m1" })] })).toEqual(["day", "m1!", "m2!"])
  })

  test("of another day stand below a line, and are named again", () => {
    const next = said("ada", 2, { time: 24 * hourMs })
    const last = said("ada", 1, { time: 24 * hourMs - 1 })
    expect(shown({ messages: [last, next] })).toEqual(["day", "m1!", "day", "m2!"])
  })

  test("that say nothing are not shown, unless they are about to", () => {
    const messages = [said("ada", 1), answered(2, ""), answered(3, "", { status: "streaming" })]
    expect(shown({ messages })).toEqual(["day", "m1!", "a3!"])
  })

  test("keep their key when the log takes them in", () => {
    const pending = timelineOf(
      { ...view, messages: [], pending: [{ key: "k1", text: "hi", status: "sent" }] },
      { newFrom: undefined, dayOf },
    )
    const stored = timelineOf(view, { newFrom: undefined, dayOf })
    expect(pending.map(({ key }) => key)).toEqual(["k1"])
    expect(stored.map(({ key }) => key)).toContain("k1")
  })
})

describe("the line before what is new", () => {
  const messages = [said("bob", 1), said("bob", 2), said("bob", 3)]

  test("stands before the first that is, and parts it from what is not", () => {
    expect(shown({ messages }, 2)).toEqual(["day", "m1!", "new", "m2!", "m3"])
  })

  test("stands below the line of the day", () => {
    expect(shown({ messages }, 1)).toEqual(["day", "new", "m1!", "m2", "m3"])
  })

  test("is nowhere where nothing is, and stays where its message was taken out", () => {
    expect(shown({ messages })).not.toContain("new")
    expect(shown({ messages: [said("bob", 1), said("bob", 3)] }, 2)).toEqual(["day", "m1!", "new", "m3!"])
  })
})

describe("questions and failures", () => {
  test("[RUN9] of a run whose answer was given anew are gone with it", () => {
    const answer = { by: { user: "ada", device: "phone" }, value: true }
    const runs = [run({ status: "failed" }), run({ id: "r2", again: { run: "r1" } })]
    expect(shown({ state: { ...emptyState, runs, interrupts: [question(3, { answer })] } })).toEqual(["day", "m1!"])
  })

  test("stand where they belong in the log", () => {
    const state = { ...emptyState, runs: [run()], interrupts: [question(3)] }
    const messages = [said("ada", 1), answered(2, "wait"), answered(4, "done")]
    expect(shown({ messages, state })).toEqual(["day", "m1!", "a2!", "question", "a4!"])
  })

  test("an answered one from before what is loaded is left out, an open one is not", () => {
    const answer = { by: { user: "bob", device: "phone" }, value: true }
    const state = { ...emptyState, interrupts: [question(2, { answer }), question(3)] }
    expect(shown({ messages: [said("ada", 5)], state })).toEqual(["question", "day", "m5!"])
  })

  test("a run that failed says so behind its last words, or behind what it was to answer", () => {
    const state = { ...emptyState, runs: [run({ status: "failed" })] }
    expect(shown({ messages: [said("ada", 1), said("bob", 3)], state })).toEqual(["day", "m1!", "failed", "m3!"])
    expect(shown({ messages: [said("ada", 1), answered(2, "oh"), said("bob", 3)], state })).toEqual([
      ...["day", "m1!", "a2!", "failed", "m3!"],
    ])
  })
})

describe("several questions at once", () => {
  const items = (messages: readonly (typeof view)["messages"][number][], runs: readonly Run[]) =>
    timelineOf({ messages, state: { ...emptyState, runs: [...runs] }, pending: [] }, { newFrom: undefined, dayOf })
  const marks = (...given: Parameters<typeof items>) =>
    items(...given).flatMap((item) => {
      if (item.kind !== "message") return []
      const { message, isFirst, answers, isQueued } = item
      return `${message.id}${isFirst ? "!" : ""}${answers ? ` to ${answers.id}` : ""}${isQueued ? " queued" : ""}`
    })
  const asked = [said("ada", 1), said("ada", 2), said("ada", 3)]
  const third = run({ id: "r3", message: "m3", status: "queued", attempt: 0 })

  test("have an answer each, which names its question where that does not stand right above", () => {
    const runs = [run({ status: "completed" }), run({ id: "r2", message: "m2", status: "completed" }), third]
    const answers = [answered(4, "one"), answered(5, "and more"), answered(6, "two", { run: "r2" })]
    expect(marks([...asked, ...answers], runs)).toEqual([...["m1!", "m2", "m3", "a4! to m1", "a5", "a6! to m2"]])
  })

  test("one alone has its answer below it, without a word", () => {
    expect(marks([said("ada", 1), answered(2, "one")], [run()])).toEqual(["m1!", "a2!"])
  })

  test("what a run took in while it was under way is no other question", () => {
    const runs = [run(), run({ id: "r2", message: "m3", status: "merged" as Run["status"], into: "r1" })]
    const messages = [said("ada", 1), answered(2, "one"), said("ada", 3), answered(4, "both")]
    expect(marks(messages, runs)).toEqual(["m1!", "a2!", "m3!", "a4!"])
  })

  test("those that wait behind another one say so, until their turn comes or they are taken out", () => {
    const second = run({ id: "r2", message: "m2", status: "queued", attempt: 0 })
    const by = { user: "ada", device: "phone" }
    expect(marks(asked, [run(), second, third])).toEqual(["m1!", "m2 queued", "m3 queued"])
    expect(marks(asked, [second, { ...third, stopBy: by }])).toEqual(["m1!", "m2", "m3"])
  })

  test("a question that is not loaded is not named", () => {
    expect(marks([said("bob", 3), answered(4, "one")], [run()])).toEqual(["m3!", "a4!"])
  })
})

test("what is still to be sent stands at the end, in its order", () => {
  const pending = [
    { key: "p1", text: "one", status: "sent" as const },
    { key: "p2", text: "two", status: "queued" as const },
  ]
  const items = timelineOf({ ...view, pending }, { newFrom: undefined, dayOf })
  expect(items.map(({ key }) => key).slice(-2)).toEqual(["p1", "p2"])
})
