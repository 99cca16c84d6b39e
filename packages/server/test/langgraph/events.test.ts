/** The translation without a node: which events a filter wants, where a replay begins, and laws of ids. */
import { emptyState, type LogEvent, reduceAll } from "@everthread/protocol"
import {
  eventsOf,
  keyOf,
  placed,
  positionOf,
  positionOfEvent,
  runSoFar,
  type StreamEvent,
  shownFrom,
  valuesOf,
} from "@everthread/protocol/langgraph"
import fc from "fast-check"
import { type Filter, wants } from "../../src/gateways/langgraph/events/filter.ts"
import { closing, message, opening, queued } from "../support/bodies.ts"

const told = (method: StreamEvent["method"], namespace: string[] = [], data = {}): StreamEvent => ({
  method,
  namespace,
  data,
})
const filter = (more: Partial<Filter>): Filter => ({
  channels: ["values"],
  namespaces: undefined,
  depth: undefined,
  ...more,
})

test.each([
  ["its channel", filter({}), told("values"), true],
  ["another channel", filter({}), told("messages"), false],
  ["questions, as input", filter({ channels: ["input"] }), told("input.requested"), true],
  ["custom events of a name", filter({ channels: ["custom:a"] }), told("custom", [], { name: "a" }), true],
  ["custom events of another name", filter({ channels: ["custom:a"] }), told("custom", [], { name: "b" }), false],
  ["custom events of any name", filter({ channels: ["custom"] }), told("custom", [], { name: "b" }), true],
  ["the root", filter({ namespaces: [[]], depth: 0 }), told("values"), true],
  ["one below the root", filter({ namespaces: [[]], depth: 1 }), told("values", ["a:1"]), true],
  ["two below the root", filter({ namespaces: [[]], depth: 1 }), told("values", ["a:1", "b:2"]), false],
  ["a node, whatever its task", filter({ namespaces: [["a"]] }), told("values", ["a:1", "b:2"]), true],
  ["a task", filter({ namespaces: [["a:1"]] }), told("values", ["a:2"]), false],
  ["a path above its own", filter({ namespaces: [["a:1", "b"]] }), told("values", ["a:1"]), false],
])("[LGR3] a filter knows %s", (_what, wanted, event, isWanted) => {
  expect(wants(wanted, event)).toBe(isWanted)
})

test("[LGR1] whatever is said of a message, over its tokens to its end, is of one namespace, one node and one run of a model", () => {
  const about = {
    type: "agent" as const,
    time: 0,
    run: "r",
    method: "messages" as const,
    ns: ["model:1", "inner:2"],
    message: "m",
  }
  const log: LogEvent[] = [
    { ...about, node: "inner", data: { event: "message-start" }, seq: 1 },
    {
      ...about,
      node: "inner",
      data: { event: "content-block-start", index: 0, content: { type: "text", text: "" } },
      seq: 2,
    },
    { type: "delta", message: "m", block: 0, at: 0, text: "Hel", seq: 3 },
    { ...about, node: "inner", data: { event: "content-block-finish", index: 0, content: { type: "text" } }, seq: 4 },
    { ...about, node: "inner", data: { event: "message-finish" }, seq: 5 },
  ]
  const live = log.flatMap((event, at) =>
    eventsOf(event, reduceAll(emptyState, log.slice(0, at)), reduceAll(emptyState, log.slice(0, at + 1))),
  )
  expect(live.map(({ data }) => data["event"])).toHaveLength(5)
  const keys = live.map(({ namespace, node, data }) => `${namespace} ${node} ${data["run_id"]}`)
  expect(new Set(keys)).toEqual(new Set(["model:1,inner:2 inner m"]))
})

test("[LGR2] positions only rise from entry to entry, and an id leads back to its position", () => {
  const entry = fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 5_000 }))
  fc.assert(
    fc.property(entry, fc.integer({ min: 0, max: 5_000 }), ([seq, index], other) => {
      expect(positionOf(seq, index)).toBeLessThan(positionOf(seq + 1, other))
      const { id, position } = placed(`${seq}-1234`, seq, Math.min(index, 999), told("values"))
      expect(positionOfEvent(id)).toBe(position)
    }),
  )
  expect(positionOfEvent("nothing of ours")).toBeUndefined()
})

const log = (...bodies: readonly object[]): LogEvent[] =>
  bodies.map((body, at) => ({ ...body, seq: at + 1 }) as LogEvent)

test("[LGR3] shown is the oldest run that is open, else the last one, else nothing", () => {
  const run = (name: string) => [message(name), queued(`run-${name}`, `m-${name}`)]
  const ended = (name: string) => ({ type: "run.ended", time: 1, run: `run-${name}`, outcome: "completed" })
  const from = (...bodies: readonly object[]) => shownFrom(reduceAll(emptyState, log(...bodies)))
  expect(from(message("hello"))).toBe(2)
  expect(from(message("hello"), ...run("a"))).toBe(2)
  expect(from(...run("a"), ...run("b"))).toBe(1)
  expect(from(...run("a"), ...run("b"), ended("a"))).toBe(3)
  expect(from(...run("a"), ...run("b"), ended("a"), ended("b"))).toBe(3)
})

/** What a client makes of a message's events: it adds deltas up, and takes a finish for the whole. */
function assembled(events: readonly StreamEvent[]): string {
  let text = ""
  for (const { method, data } of events) {
    if (method !== "messages") continue
    const delta = data["delta"] as { text?: string } | undefined
    const content = data["content"] as { text?: string } | undefined
    if (data["event"] === "content-block-start") text = content?.text ?? ""
    if (data["event"] === "content-block-delta") text += delta?.text ?? ""
    if (data["event"] === "content-block-finish") text = content?.text ?? text
  }
  return text
}

test("[LGR2] [FRM4] whatever repeats and overlaps deltas come in, a client adds them up to what the log says", () => {
  const piece = fc.record({ at: fc.integer({ min: 0, max: 12 }), text: fc.string({ maxLength: 6 }) })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 3, max: 20 }), (pieces, cut) => {
      const deltas = pieces.map(({ at, text }) => ({ type: "delta", message: "r.0", block: 0, at, text }))
      const events = log(message("a"), queued("r", "m-a"), ...opening("r.0", "r"), ...deltas)
      let state = emptyState
      const live: StreamEvent[] = []
      let soFar: readonly StreamEvent[] = []
      for (const event of events) {
        const after = reduceAll(state, [event])
        live.push(...eventsOf(event, state, after))
        if (event.seq <= cut) soFar = runSoFar({ ...after, runs: after.runs.map((run) => ({ ...run, attempt: 1 })) }, 0)
        else soFar = [...soFar, ...eventsOf(event, state, after)]
        state = after
      }
      const text = state.messages.find(({ id }) => id === "r.0")?.blocks[0]?.text
      expect(assembled(live)).toBe(text)
      expect(assembled(soFar)).toBe(text)
    }),
  )
})

test("[LGR4] a client knows its message by its own id; nobody's takes the place of another", () => {
  const said = (id: string, key: string, user: string) => ({
    ...message(id, `by ${user}`),
    id,
    key,
    by: { user, device: "d" },
  })
  const ids = (...bodies: readonly object[]) =>
    valuesOf(reduceAll(emptyState, log(...bodies))).messages.map((message) => (message as { id: string }).id)
  expect(ids(said("l-1", keyOf("c-1"), "ada"), said("l-2", "k", "bob"))).toEqual(["c-1", "l-2"])
  expect(ids(said("l-1", keyOf("c-1"), "ada"), said("l-2", keyOf("c-1"), "bob"))).toEqual(["c-1", "l-2"])
  expect(ids(said("l-1", "k", "ada"), said("l-2", keyOf("l-1"), "bob"))).toEqual(["l-1", "l-2"])
  expect(
    ids(
      message("a"),
      queued("r", "m-a"),
      ...opening("r.0", "r"),
      closing("r.0", "r"),
      said("l-9", keyOf("r.0"), "bob"),
    ),
  ).toEqual(["m-a", "r.0", "l-9"])
})
