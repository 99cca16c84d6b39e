/** What an answer has to look like, in words that fit one line, with an example. */
import type { Json } from "@everthread/protocol"
import { admitsYesAndNo, exampleOf, schemaText } from "../src/chat/schema-text.ts"

describe("what an answer has to look like", () => {
  const people = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER }
  const booking = { type: "object", properties: { people, when: { type: "string" } }, required: ["people", "when"] }

  test.each<[Json, string, Json | undefined, boolean]>([
    [
      { $schema: "https://json-schema.org/draft/2020-12/schema", ...booking, additionalProperties: false },
      "{ people: integer ≥ 1, when: string }",
      { people: 1, when: "…" },
      false,
    ],
    [{ ...booking, required: ["when"] }, "{ people?: integer ≥ 1, when: string }", { when: "…" }, false],
    [{ enum: ["red", "blue"] }, '"red" | "blue"', "red", false],
    [{ type: "boolean" }, "boolean", true, true],
    [{ type: "string", pattern: "^a" }, '{"type":"string","pattern":"^a"}', "…", false],
    [{ $schema: "x", anyOf: [{ type: "string" }] }, '{"anyOf":[{"type":"string"}]}', undefined, true],
    [{ type: "array", items: { type: "string" } }, '{"type":"array","items":{"type":"string"}}', undefined, false],
    [{ type: "object", required: ["a"] }, '{"type":"object","required":["a"]}', undefined, false],
  ])("%j", (schema, text, example, yesOrNo) => {
    expect(schemaText(schema)).toBe(text)
    expect(exampleOf(schema)).toEqual(example)
    expect(admitsYesAndNo(schema)).toBe(yesOrNo)
  })
})
