/** What an answer has to look like, for somebody who has to type it: short where the schema is simple, else as it is. */
import type { Json } from "@everthread/protocol"
import { briefly } from "./clean.ts"

type Fields = { readonly [key: string]: Json }

/** @returns `integer ≥ 1`, `{ people: integer ≥ 1, when?: string }`, or the schema as JSON where it says more than that. */
export function schemaText(schema: Json): string {
  const { $schema: _, ...said } = fieldsOf(schema)
  return shapeOf(said) ?? briefly(said)
}

/** @returns an answer of that shape, as far as it can be told from the schema's types. */
export function exampleOf(schema: Json): Json | undefined {
  const { type, enum: choices, minimum, properties } = fieldsOf(schema)
  if (Array.isArray(choices)) return choices[0]
  if (type === "string") return "…"
  if (type === "boolean") return true
  if (type === "integer" || type === "number") return typeof minimum === "number" ? minimum : 1
  if (type !== "object") return undefined
  const required = requiredOf(schema)
  const entries = Object.entries(fieldsOf(properties)).filter(([name]) => required.includes(name))
  const examples = entries.map(([name, inner]) => [name, exampleOf(inner)] as const)
  const isKnown = examples.length === required.length && examples.every(([, value]) => value !== undefined)
  return isKnown ? (Object.fromEntries(examples) as Json) : undefined
}

/** Whether yes or no may be an answer: certainly not where the schema names another type. */
export function admitsYesAndNo(schema: Json): boolean {
  const { type, enum: choices } = fieldsOf(schema)
  if (Array.isArray(choices)) return choices.some((choice) => typeof choice === "boolean")
  return type === undefined || type === "boolean" || (Array.isArray(type) && type.includes("boolean"))
}

/** What a short text may leave out: it forbids nothing that somebody would type. */
const unsaid = new Set(["type", "title", "description", "additionalProperties"])

function shapeOf(schema: Fields): string | undefined {
  const { type, enum: choices, minimum, properties } = schema
  const has = (...known: string[]) => Object.keys(schema).every((key) => unsaid.has(key) || known.includes(key))
  if (Array.isArray(choices))
    return has("enum") ? choices.map((choice) => JSON.stringify(choice)).join(" | ") : undefined
  if (type === "string" || type === "boolean") return has() ? type : undefined
  if (type === "integer" || type === "number") {
    if (!has("minimum", ...(schema["maximum"] === Number.MAX_SAFE_INTEGER ? ["maximum"] : []))) return undefined
    return typeof minimum === "number" && minimum !== Number.MIN_SAFE_INTEGER ? `${type} ≥ ${minimum}` : type
  }
  if (type !== "object" || !has("properties", "required")) return undefined
  const required = requiredOf(schema)
  const shapes = Object.entries(fieldsOf(properties)).map(([name, inner]) => {
    const shape = shapeOf(fieldsOf(inner))
    return shape === undefined ? undefined : `${name}${required.includes(name) ? "" : "?"}: ${shape}`
  })
  if (shapes.length === 0 || shapes.includes(undefined)) return undefined
  return `{ ${shapes.join(", ")} }`
}

function requiredOf(schema: Json): readonly Json[] {
  const { required } = fieldsOf(schema)
  return Array.isArray(required) ? required : []
}

function fieldsOf(value: Json | undefined): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {}
}
