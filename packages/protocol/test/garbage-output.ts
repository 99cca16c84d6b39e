/** Output as a graph that keeps to no rule might emit it: real words in the wrong places, with anything for a value. */
import type { ConversationState, Json, LogEventOf } from "@everthread/protocol"
import * as fc from "fast-check"

const words = ["event", "index", "content", "type", "id", "name", "text", "args", "tool_call_id", "output", "message"]
const events = [
  ...["message-start", "message-finish", "error", "content-block-start", "content-block-finish"],
  ...["tool-started", "tool-finished", "tool-error", "constructor", "__proto__"],
]

/** Objects whose own fields hide the methods that careless code would call. */
const trap = fc.constantFrom<Json>({ toString: 1, valueOf: 2 }, { toJSON: "x" }, JSON.parse('{"__proto__": {"a": 1}}'))
const value = fc.oneof(
  fc.jsonValue(),
  trap,
  fc.constantFrom("text", "tool_call", "tool_call_chunk", "image", ""),
  fc.dictionary(fc.constantFrom(...words), fc.jsonValue()),
) as fc.Arbitrary<Json>
const content = fc.record({ type: value, id: value, name: value, text: value, args: value }, { requiredKeys: [] })

const data = fc.record(
  {
    event: fc.oneof({ weight: 9, arbitrary: fc.constantFrom<Json>(...events) }, value),
    index: fc.oneof(fc.nat({ max: 3 }), value),
    content: fc.oneof(content, value),
    id: value,
    tool_call_id: value,
    output: value,
    message: value,
  },
  { requiredKeys: ["event"] },
) as fc.Arbitrary<{ [key: string]: Json }>

/** Given the state it shall meet, so that it can speak of messages and runs that exist. */
export const garbageOutput: fc.Arbitrary<(state: ConversationState) => LogEventOf<"agent">> = fc
  .record({
    method: fc.constantFrom("messages", "messages", "messages", "tools", "lifecycle", "checkpoints", "custom" as const),
    about: fc.nat(),
    ns: fc.array(fc.string(), { maxLength: 2 }),
    data,
  })
  .map(({ method, about, ns, data }) => (state) => ({
    type: "agent",
    time: 0,
    seq: state.seq + 1,
    method,
    ns,
    data,
    run: state.runs[about % state.runs.length]?.id ?? "nobody",
    message: state.messages[about % state.messages.length]?.id ?? "nothing",
  }))
