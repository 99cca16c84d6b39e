/** From a question's schema to the form of its answer. */
import type { Json } from "@everthread/protocol"
import { Ajv2020 } from "ajv/dist/2020.js"
import * as fc from "fast-check"
import {
  type AnswerForm,
  answerOf,
  type FieldForm,
  formOf,
  type NamedField,
  typedValue,
} from "../src/model/answer-form.ts"
import { questionOf } from "../src/model/question.ts"

type Fields = { readonly [key: string]: Json }
const plain = questionOf("Which?")
const formFor = (schema: Fields) => formOf(schema, plain)

const isSimple = (form: AnswerForm): form is FieldForm => !/^(?:fields|json|approval|plain-yes-no)$/.test(form.kind)

describe("a question", () => {
  test("is its text, its actions and its answers, and the rest is shown as it is", () => {
    const value = { question: "Sure?", actions: [{ name: "pay", args: { sum: 3 } }], answers: ["yes"], details: [1] }
    expect(questionOf(value)).toEqual({
      text: "Sure?",
      actions: [{ name: "pay", fields: [["sum", "3"]], args: undefined }],
      answers: ["yes"],
      rest: '{\n  "details": [\n    1\n  ]\n}',
    })
  })

  test("shows arguments that are plain values by their names, and all others as they are", () => {
    const args = { time_zone: "UTC", at: null, sure: true }
    const shown = (given: Json) => questionOf({ actions: [{ name: "x", args: given }] }).actions[0]
    expect(shown(args)?.fields).toEqual([
      ["time zone", "UTC"],
      ["at", "null"],
      ["sure", "true"],
    ])
    expect(shown({ ...args, rest: [1] })).toMatchObject({ fields: [], args: expect.stringContaining('"rest"') })
    expect(shown({})).toEqual({ name: "x", fields: [], args: undefined })
  })

  test("of whatever shape is read without harm", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const question = questionOf(value as Json)
        expect(formOf(undefined, question).kind).toMatch(/^(?:text|choice|approval|plain-yes-no)$/)
        for (const { name } of question.actions) expect(typeof name).toBe("string")
      }),
    )
    expect(questionOf({ question: 7, actions: "x", answers: [1] })).toMatchObject({
      actions: [],
      answers: [],
      text: undefined,
    })
  })
})

describe("without a schema", () => {
  test("the answers that it names are buttons; what is to be approved can be", () => {
    expect(formOf(undefined, questionOf({ question: "?", answers: ["now", "later"] }))).toEqual({
      ...{ kind: "choice", values: ["now", "later"] },
    })
    expect(formOf(undefined, questionOf({ question: "?", actions: [{ name: "pay" }] }))).toEqual({ kind: "approval" })
    expect(formOf(undefined, plain)).toEqual({ kind: "text", isLong: true })
  })
})

test("a plain yes or no is in the app's words, and nothing else is", () => {
  const kindOf = (...answers: string[]) => formOf(undefined, questionOf({ question: "?", answers })).kind
  expect(kindOf("yes", "no")).toBe("plain-yes-no")
  expect([kindOf("no", "yes"), kindOf("yes", "no", "later"), kindOf("同意", "不同意")]).toEqual([
    ...["choice", "choice", "choice"],
  ])
})

describe("a schema", () => {
  test.each<[Fields, AnswerForm]>([
    [{ type: "boolean" }, { kind: "yes-no" }],
    [{ enum: ["a", 2, null] }, { kind: "choice", values: ["a", 2, null] }],
    [{ const: "only" }, { kind: "choice", values: ["only"] }],
    [
      { type: "string", enum: ["x"] },
      { kind: "choice", values: ["x"] },
    ],
    [{ type: "string" }, { kind: "text", isLong: true }],
    [
      { type: "string", maxLength: 20 },
      { kind: "text", isLong: false },
    ],
    [{ type: "integer" }, { kind: "number" }],
    [{ type: "array", items: { type: "string" } }, { kind: "json" }],
    [{ enum: [{ a: 1 }] }, { kind: "json" }],
    [{ anyOf: [{ type: "string" }] }, { kind: "json" }],
    [{ type: "object" }, { kind: "json" }],
    [{ type: "object", properties: { deep: { type: "object" } } }, { kind: "json" }],
    [{}, { kind: "json" }],
  ])("%j becomes %j", (schema, form) => {
    expect(formFor(schema)).toEqual(form)
  })

  test("of a flat object becomes its fields, with the words of its author", () => {
    const properties = {
      ok: { type: "boolean", title: "Go?" },
      when: { type: "string", maxLength: 9 },
      n: { type: "number" },
    }
    const form = formFor({ type: "object", properties, required: ["ok"] })
    expect(form).toMatchObject({
      kind: "fields",
      fields: [
        { name: "ok", label: "Go?", isRequired: true },
        { name: "when", label: "when", isRequired: false },
        { name: "n", label: "n", isRequired: false },
      ],
    })
  })
})

describe("what is typed", () => {
  test("is sent as what the field is for", () => {
    expect(typedValue({ kind: "number" }, " 4.5 ")).toBe(4.5)
    expect(typedValue({ kind: "number" }, "four")).toBeUndefined()
    expect(typedValue({ kind: "number" }, " ")).toBeUndefined()
    expect(typedValue({ kind: "yes-no" }, "false")).toBe(false)
    expect(typedValue({ kind: "yes-no" }, "")).toBeUndefined()
    expect(typedValue({ kind: "choice", values: [null, 2] }, "0")).toBeNull()
    expect(typedValue({ kind: "choice", values: ["a"] }, "")).toBeUndefined()
    expect(typedValue({ kind: "text", isLong: false }, "x")).toBe("x")
  })

  test("is no answer while something required is missing", () => {
    const fields: NamedField[] = [{ name: "n", label: "n", form: { kind: "number" }, isRequired: true }]
    expect(answerOf(fields, {})).toBeUndefined()
    expect(answerOf(fields, { n: "1" })).toEqual({ n: 1 })
  })

  test("fits the schema that the form was made from", () => {
    const schemas = fc.constantFrom<Fields>(
      { type: "boolean" },
      { type: "number" },
      { type: "string" },
      { enum: ["a", 1, null, false] },
    )
    const typed = fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom("true", "false", "0", "1"))
    fc.assert(
      fc.property(schemas, typed, (schema, text) => {
        const form = formFor(schema)
        if (!isSimple(form)) throw new Error("not simple")
        const value = typedValue(form, text)
        if (value !== undefined) expect(new Ajv2020({ strict: false }).validate(schema, value)).toBe(true)
      }),
    )
  })
})
