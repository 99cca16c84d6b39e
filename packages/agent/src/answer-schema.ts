/**
 * Whether a question's JSON Schema is one that answers can be checked with, and whether an answer fits. Pure.
 *
 * It works in the worker's process, on schemas of graphs that run in it: an author's slow pattern slows nobody else
 * down. A server, which checks people's answers, does so behind bounds of its own.
 */
import { dereference, type Schema, type SchemaDraft, Validator } from "@cfworker/json-schema"
import { type Json, limits } from "@everthread/protocol"

export type AnswerSchema = { readonly [keyword: string]: Json }

/** @returns what is wrong with it, or `undefined`. */
export function schemaFault(schema: AnswerSchema): string | undefined {
  const text = JSON.stringify(schema)
  const { questionSchemaCharsMax: charsMax, questionSchemaDepthMax: depthMax } = limits
  if (text.length > charsMax) return `it has ${text.length} characters of JSON, and may have ${charsMax}`
  if (isDeeperThan(schema, depthMax)) return `it nests more than ${depthMax} deep`
  try {
    for (const part of Object.values(dereference(JSON.parse(text) as Schema, Object.create(null)))) mustBeUsable(part)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** @returns why the answer does not fit, or `undefined`. */
export function answerFault(schema: AnswerSchema, answer: Json): string | undefined {
  const own = JSON.parse(JSON.stringify(schema)) as Schema
  return new Validator(own, draftOf(schema)).validate(answer).errors.at(-1)?.error
}

function draftOf({ $schema }: AnswerSchema): SchemaDraft {
  const draft = typeof $schema === "string" ? /draft-0?([47])/.exec($schema)?.[1] : undefined
  return (draft as "4" | "7" | undefined) ?? "2020-12"
}

function mustBeUsable(part: Schema | boolean): void {
  if (typeof part !== "object") return
  if (part.$ref !== undefined && !String(part.$ref).startsWith("#"))
    throw new Error(`its $ref ${JSON.stringify(part.$ref)} leads out of the schema`)
  for (const pattern of [part.pattern, ...Object.keys(part.patternProperties ?? {})]) {
    if (pattern !== undefined) new RegExp(pattern, "u")
  }
}

function isDeeperThan(value: Json | AnswerSchema, depthMax: number): boolean {
  if (typeof value !== "object" || value === null) return false
  return depthMax === 0 || Object.values(value).some((inner: Json) => isDeeperThan(inner, depthMax - 1))
}
