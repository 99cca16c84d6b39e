/**
 * The form that an answer is given in, made from the question's JSON Schema where that is simple enough, and raw JSON
 * otherwise. It only helps to write: what fits is for the server to say.
 */
import type { Json } from "@everthread/protocol"
import { isFields, isYesOrNo, type Question } from "./question.ts"

export type FieldForm =
  | { readonly kind: "yes-no" }
  | { readonly kind: "choice"; readonly values: readonly Json[] }
  | { readonly kind: "text"; readonly isLong: boolean }
  | { readonly kind: "number" }

export interface NamedField {
  readonly name: string
  readonly label: string
  readonly form: FieldForm
  readonly isRequired: boolean
}

export type AnswerForm =
  | FieldForm
  /** Without a schema and without anything else to go by. */
  | { readonly kind: "approval" }
  /** The answers `yes` and `no`, in the app's words. */
  | { readonly kind: "plain-yes-no" }
  | { readonly kind: "fields"; readonly fields: readonly NamedField[] }
  | { readonly kind: "json" }

type Schema = { readonly [key: string]: Json } | undefined

/** Beyond it a list of buttons is no help. */
const fieldsMax = 12
/** A text that may be longer gets a larger field. */
const lineCharsMax = 120

export function formOf(schema: Schema, question: Question): AnswerForm {
  if (schema !== undefined) return fieldForm(schema) ?? fieldsForm(schema) ?? { kind: "json" }
  if (isYesOrNo(question)) return { kind: "plain-yes-no" }
  if (question.answers.length > 0) return { kind: "choice", values: question.answers }
  return question.actions.length > 0 ? { kind: "approval" } : { kind: "text", isLong: true }
}

function fieldForm(schema: NonNullable<Schema>): FieldForm | undefined {
  const { type, enum: values, const: only } = schema
  if (Array.isArray(values) && values.length > 0 && values.every(isPlain)) return { kind: "choice", values }
  if (only !== undefined && isPlain(only)) return { kind: "choice", values: [only] }
  if (type === "boolean") return { kind: "yes-no" }
  if (type === "number" || type === "integer") return { kind: "number" }
  if (type !== "string") return undefined
  const max = schema["maxLength"]
  return { kind: "text", isLong: typeof max !== "number" || max > lineCharsMax }
}

/** A flat object of fields that each are simple. */
function fieldsForm(schema: NonNullable<Schema>): AnswerForm | undefined {
  const { type, properties, required } = schema
  if (type !== "object" || !isFields(properties)) return undefined
  const names = Array.isArray(required) ? required : []
  const fields = Object.entries(properties).map(([name, field]): NamedField | undefined => {
    const form = isFields(field) ? fieldForm(field) : undefined
    return form && isFields(field)
      ? { name, label: labelOf(name, field), form, isRequired: names.includes(name) }
      : undefined
  })
  const known = fields.filter((field) => field !== undefined)
  const isWhole = known.length === fields.length && known.length > 0 && known.length <= fieldsMax
  return isWhole ? { kind: "fields", fields: known } : undefined
}

function labelOf(name: string, { title, description }: { readonly [key: string]: Json }): string {
  if (typeof title === "string") return title
  return typeof description === "string" ? description : name
}

function isPlain(value: Json): boolean {
  return value === null || typeof value !== "object"
}

/** @returns what was typed into a field as JSON; `undefined`: nothing, or not what it wants. */
export function typedValue(form: FieldForm, typed: string): Json | undefined {
  switch (form.kind) {
    case "text":
      return typed === "" ? undefined : typed
    case "number":
      return typed.trim() === "" || !Number.isFinite(Number(typed)) ? undefined : Number(typed)
    case "yes-no":
      return typed === "true" ? true : typed === "false" ? false : undefined
    case "choice":
      return form.values[Number(typed === "" ? Number.NaN : typed)]
  }
}

/** @returns the answer; `undefined` while a field that is required is missing. */
export function answerOf(fields: readonly NamedField[], typed: Readonly<Record<string, string>>): Json | undefined {
  const answer: Record<string, Json> = {}
  for (const { name, form, isRequired } of fields) {
    const value = typedValue(form, typed[name] ?? "")
    if (value !== undefined) answer[name] = value
    else if (isRequired) return undefined
  }
  return answer
}
