import { type EventBody, emptyState, type LogEvent, reduceAll, textOf } from "@everthread/protocol"
import { eventBody } from "@everthread/protocol/schema"
import { AIMessage, ToolMessage } from "@langchain/core/messages"
import * as fc from "fast-check"
import { outputLimits } from "../src/index.ts"
import { jsonValue } from "../src/translate/json-value.ts"
import type { StreamEvent } from "../src/translate/stream-event.ts"
import { toolOutput } from "../src/translate/tool-value.ts"
import { Translator } from "../src/translate/translator.ts"

const by = { user: "ada", device: "d" }
const queued: EventBody = { type: "run.queued", time: 0, by, run: "r", agent: "a", message: "m" }

function event(method: string, data: unknown, namespace = ["node:task"]): StreamEvent {
  return { method, params: { namespace, node: "node", data } }
}

const said = (data: object, namespace?: string[]) => event("messages", { run_id: "call", ...data }, namespace)
const start = said({ event: "message-start", id: "lc" })
const text = (index: number, words: string) =>
  said({ event: "content-block-delta", index, delta: { type: "text-delta", text: words } })

function translate(events: readonly StreamEvent[], messages = 0): EventBody[] {
  const translator = new Translator({ run: "r", messages, now: () => 7 })
  const bodies = events.flatMap((one) => translator.translate(one))
  for (const body of bodies) eventBody.parse(JSON.parse(JSON.stringify(body)))
  return bodies
}

function stateOf(bodies: readonly EventBody[]) {
  return reduceAll(
    emptyState,
    [queued, ...bodies].map((body, i): LogEvent => ({ ...body, seq: i + 1 })),
  )
}

test("words become lean deltas that say where they start", () => {
  const bodies = translate(
    [
      start,
      said({ event: "content-block-start", index: 0, content: { type: "text", text: "" } }),
      text(0, "Grü"),
      text(0, "ße 👋"),
      said({ event: "content-block-finish", index: 0, content: { type: "text", text: "Grüße 👋" } }),
      said({ event: "message-finish", reason: "stop" }),
    ],
    3,
  )
  expect(bodies.filter(({ type }) => type === "delta")).toEqual([
    { type: "delta", message: "r.3", block: 0, at: 0, text: "Grü" },
    { type: "delta", message: "r.3", block: 0, at: 3, text: "ße 👋" },
  ])
  expect(bodies[0]).toMatchObject({ method: "messages", message: "r.3", ns: ["node:task"], node: "node", time: 7 })
  expect(bodies[0]).toHaveProperty("data", { event: "message-start", id: "lc" })
})

test("a block's finish has the last word, and repeats none that its deltas have said", () => {
  const finish = (words: string) =>
    said({ event: "content-block-finish", index: 0, content: { type: "text", text: words } })
  const same = translate([start, text(0, "Hello"), finish("Hello")])
  expect(same.at(-1)).toHaveProperty("data", { event: "content-block-finish", index: 0, content: { type: "text" } })
  const other = translate([start, text(0, "Hello"), finish("Hello.")])
  expect([same, other].map((bodies) => stateOf(bodies).messages[0]?.blocks)).toEqual([
    [{ kind: "text", text: "Hello", done: true }],
    [{ kind: "text", text: "Hello.", done: true }],
  ])
})

test("blocks are numbered densely, whatever the model calls them, and need no start", () => {
  const bodies = translate([start, text(4, "a"), text(9, "b"), text(4, "c"), said({ event: "message-finish" })])
  const [message] = stateOf(bodies).messages
  expect(message?.blocks.map((block) => block.text)).toEqual(["ac", "b"])
})

test("a tool call's arguments, whole each time, become what is new of them", () => {
  const chunk = (args: string) =>
    said({
      event: "content-block-delta",
      index: 1,
      delta: { type: "block-delta", fields: { type: "tool_call_chunk", id: "c1", name: "add", args } },
    })
  const bodies = translate([
    start,
    chunk('{"a"'),
    chunk('{"a":1}'),
    said({
      event: "content-block-finish",
      index: 1,
      content: { type: "tool_call", id: "c1", name: "add", args: { a: 1 } },
    }),
    event("tools", { event: "tool-started", tool_call_id: "c1", tool_name: "add", input: '{"a":1}' }),
    event("tools", {
      event: "tool-finished",
      tool_call_id: "c1",
      output: new ToolMessage({ content: "2", tool_call_id: "c1" }),
    }),
  ])
  expect(bodies.flatMap((body) => (body.type === "delta" ? [[body.at, body.text]] : []))).toEqual([
    [0, '{"a"'],
    [4, ":1}"],
  ])
  expect(stateOf(bodies).messages[0]?.blocks[0]).toMatchObject({
    kind: "tool_call",
    text: '{"a":1}',
    tool: { id: "c1", name: "add", status: "finished", output: "2" },
  })
})

test("a tool call that only the node's result shows is added to its message, once", () => {
  const result = new AIMessage({ id: "lc", content: "", tool_calls: [{ id: "c1", name: "add", args: { a: 1 } }] })
  const update = event("updates", { node: "node", values: { messages: [result] } }, [])
  const bodies = translate([start, said({ event: "message-finish" }), update, update])
  expect(stateOf(bodies).messages[0]?.blocks).toMatchObject([{ text: '{"a":1}', tool: { id: "c1", status: "called" } }])
})

test("two models that speak in one task at once are two messages", () => {
  const other = (data: object) => event("messages", { run_id: "other", ...data })
  const bodies = translate([
    start,
    other({ event: "message-start" }),
    text(0, "left"),
    other({ event: "content-block-delta", index: 0, delta: { type: "text-delta", text: "right" } }),
  ])
  expect(stateOf(bodies).messages.map(textOf)).toEqual(["left", "right"])
})

test.each(["human", "system", "tool"])("a message of role %s that passes through is not the agent's", (role) => {
  expect(translate([said({ event: "message-start", role }), text(0, "x"), said({ event: "message-finish" })])).toEqual(
    [],
  )
})

test("what carries the whole state is dropped, and so is the root's lifecycle", () => {
  const dropped = ["values", "updates", "tasks"].map((method) => event(method, { messages: ["x"] }))
  expect(translate([...dropped, event("lifecycle", { event: "completed" }, [])])).toEqual([])
  expect(translate([event("lifecycle", { event: "started", graph_name: "sub" })])).toHaveLength(1)
})

test("a subgraph's checkpoint that is named twice is one event, and the root's are named elsewhere", () => {
  const checkpoint = (id: string, ns: string[]) => event("checkpoints", { id, step: 1, source: "loop" }, ns)
  const inner = ["sub:task"]
  const bodies = translate([
    checkpoint("1", inner),
    checkpoint("1", inner),
    checkpoint("2", inner),
    checkpoint("3", []),
  ])
  expect(bodies.map((body) => body.type === "agent" && body.data["id"])).toEqual(["1", "2"])
})

test("custom events keep their name, and any value becomes JSON", () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  const bodies = translate([event("custom", { payload: circle }), event("custom:progress", 1n)])
  expect(bodies).toMatchObject([
    { method: "custom", data: { payload: { self: "[circular]" } } },
    { method: "custom", data: { name: "progress", payload: "1" } },
  ])
})

test("whatever a graph emits, the events fit the schema and nothing throws", () => {
  const kind = fc.constantFrom(
    "message-start",
    "content-block-start",
    "content-block-delta",
    "content-block-finish",
    "message-finish",
    "tool-started",
    "tool-finished",
  )
  const data = fc.oneof(
    fc.anything(),
    fc.record({
      event: kind,
      index: fc.anything(),
      content: fc.anything(),
      delta: fc.anything(),
      run_id: fc.constantFrom("a", "b"),
    }),
    fc.record({
      event: kind,
      index: fc.nat(3),
      content: fc.record({
        type: fc.constantFrom("text", "tool_call", "image"),
        text: fc.anything(),
        args: fc.anything(),
      }),
      tool_call_id: fc.constant("c"),
    }),
  )
  const method = fc.constantFrom("messages", "tools", "lifecycle", "checkpoints", "custom", "updates", "values")
  fc.assert(
    fc.property(fc.array(fc.tuple(method, data), { maxLength: 30 }), (events) => {
      stateOf(translate(events.map(([name, value]) => event(name, value))))
    }),
  )
})

test("[FRM4] deltas add up to the model's text, whole or cut anywhere", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (words) => {
      const bodies = translate([start, ...words.map((word) => text(0, word))])
      expect(stateOf(bodies).messages.map(textOf)).toEqual([words.join("")])
    }),
  )
})

test("a value is JSON of a bounded size, whatever it was", () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      (value) => {
        const json = jsonValue(value, 200)
        const written = JSON.stringify(json)
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(json)))
        // Escapes make up to six characters of one.
        expect(written.length).toBeLessThan(200 * 6 + 1_000)
      },
    ),
    { examples: [[new Map([[{ toString: "no function" }, ""]])]] },
  )
})

test("a tool's output is cut at its limit and says so", () => {
  const output = toolOutput("x".repeat(outputLimits.toolCharsMax * 2)) as string
  expect(output.length).toBeLessThan(outputLimits.toolCharsMax + 10)
  expect(output.endsWith("[…]")).toBe(true)
})

test("a tool's output is its content, live, serialized or in a list", () => {
  const live = new ToolMessage({ content: "4", tool_call_id: "c" })
  const serialized: unknown = JSON.parse(JSON.stringify(live))
  expect([live, serialized, [live], { a: 1 }].map(toolOutput)).toEqual(["4", "4", ["4"], { a: 1 }])
})
