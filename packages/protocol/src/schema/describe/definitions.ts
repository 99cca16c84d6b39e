/**
 * The schemas by the names under which they are published, as JSON Schema.
 *
 * They describe what may be sent: fields that are not named are allowed and ignored, so that a newer
 * peer can say more. What JSON Schema cannot say (no lone surrogates, the bytes of an answer, length
 * in UTF-16 code units rather than code points) is in docs/protocol.md.
 */
import * as z from "zod"
import * as down from "../down/index.ts"
import { eventBody, logEvent } from "../events/index.ts"
import * as fields from "../fields.ts"
import * as state from "../state.ts"
import { upFrame } from "../up/index.ts"

type Definitions = { readonly [name: string]: z.ZodType }
type JsonSchema = { readonly [keyword: string]: unknown }

type Typed = z.ZodObject<{ type: z.ZodLiteral<string> }>

/** @returns the members of a union by prefix and type: `up.send`. */
function byType(prefix: string, schemas: readonly Typed[]): Definitions {
  return Object.fromEntries(schemas.map((schema) => [`${prefix}.${schema.shape.type.value}`, schema]))
}

const withPrefix = (prefix: string, schemas: Definitions): Definitions =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [`${prefix}.${name}`, schema]))

export const upFrames: Definitions = byType("up", upFrame.options)
export const downFrames: Definitions = byType("down", down.downFrame.options)

export const definitions: Definitions = {
  up: upFrame,
  ...upFrames,
  down: down.downFrame,
  ...downFrames,
  "down.lean": down.lean,
  ...withPrefix("result", down.results),
  event: logEvent,
  eventBody,
  ...byType("event", eventBody.options),
  error: down.wireErrorSchema,
  state: state.conversationState,
  ...withPrefix("state", {
    message: state.chatMessage,
    block: state.block,
    run: state.run,
    interrupt: state.interrupt,
  }),
  id: fields.id,
  conversationId: fields.conversationId,
  key: fields.key,
  cursor: fields.cursor,
  seq: fields.seq,
  text: fields.text,
  title: fields.title,
  by: fields.by,
  role: fields.role,
  json: fields.json,
}

/**
 * @param target the draft of JSON Schema.
 * @param root what a reference to a definition begins with: `#/$defs/`.
 * @returns every definition as JSON Schema, with references between them.
 */
export function describe(target: "draft-2020-12" | "draft-7", root: string): { readonly [name: string]: JsonSchema } {
  const registry = z.registry<{ id: string }>()
  // The same schema answers to more than one command: the first name is the one it is described under.
  const names = new Map<z.ZodType, string>()
  for (const [name, schema] of Object.entries(definitions)) {
    if (!names.has(schema)) names.set(schema, name)
  }
  for (const [schema, id] of names) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { target, io: "input", uri: (name) => root + name })
  const described = (schema: z.ZodType): JsonSchema => bare(schemas[names.get(schema) ?? ""] ?? {})
  return Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => {
      const first = names.get(schema)
      return [name, first === name || first === undefined ? described(schema) : { $ref: root + first }]
    }),
  )
}

/** A definition inside a document has no address and no draft of its own. */
function bare({ $id: _address, id: _oldAddress, $schema: _draft, ...schema }: JsonSchema): JsonSchema {
  return schema
}
