/** A graph's state as people get it: JSON, whole, messages as what they say. */
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages"
import { plainState } from "../src/history/plain-state.ts"
import { jsonValue } from "../src/translate/json-value.ts"

test("[HIS2] messages are type, content, tool calls and id, wherever they stand", () => {
  const messages = [
    new HumanMessage({ id: "m1", content: "hi", name: "ada" }),
    new AIMessage({ id: "a1", content: "", tool_calls: [{ id: "c1", name: "look", args: { at: 1 } }] }),
    new ToolMessage({ id: "t1", content: "seen", tool_call_id: "c1", status: "success" }),
  ]
  expect(plainState({ messages, nested: { drafts: new Map([["one", messages[0]]]) } })).toEqual({
    messages: [
      { type: "human", id: "m1", content: "hi", name: "ada" },
      {
        type: "ai",
        id: "a1",
        content: "",
        tool_calls: [{ id: "c1", name: "look", args: { at: 1 } }],
      },
      { type: "tool", id: "t1", content: "seen", tool_call_id: "c1", status: "success" },
    ],
    nested: { drafts: { one: { type: "human", id: "m1", content: "hi", name: "ada" } } },
  })
})

test("[HIS2] what JSON does not know becomes something readable, and nothing is cut for its length", () => {
  const circle: Record<string, unknown> = {}
  circle["again"] = circle
  const long = "x".repeat(500_000)
  expect(
    plainState({
      map: new Map([[1, new Set(["a"])]]),
      bytes: new Uint8Array([1, 2, 3]),
      date: new Date(0),
      big: 10n,
      error: new TypeError("bad"),
      nothing: undefined,
      circle,
      long,
    }),
  ).toEqual({
    map: { 1: ["a"] },
    bytes: "[3 bytes]",
    date: "1970-01-01T00:00:00.000Z",
    big: "10",
    error: "TypeError: bad",
    circle: { again: "[circular]" },
    long,
  })
})

test("[HIS2] the channels in which the graph keeps its place are left out", () => {
  const values = { said: ["a"], "branch:to:b": null, "join:a+b:c": ["a"], __start__: {}, __pregel_tasks: [] }
  expect(plainState(values)).toEqual({ said: ["a"] })
  expect(plainState("a graph may have one channel")).toBe("a graph may have one channel")
})

test("what is asked of a value elsewhere is as it was: an object is taken for itself", () => {
  expect(jsonValue({ getType: "no function", content: 1 })).toEqual({ getType: "no function", content: 1 })
})
