/**
 * `ask`: LangGraph's `interrupt` with what people and the server can do something with: the shape of an answer, a time
 * by which it has to come, and what is taken when it does not.
 */
import type { Json } from "@everthread/protocol"
import { toJsonSchema } from "@langchain/core/utils/json_schema"
import { interrupt } from "@langchain/langgraph"
import type { AnswerSchema } from "../../answer-schema.ts"
import { type AskedQuestion, askMark, mustBeQuestion } from "../../questions.ts"

/** A zod 4 schema, of whichever copy of zod: what it lets through is the type of the answer. */
export interface TypedSchema<T> {
  readonly _zod: { readonly output: T }
}

export interface Question<T> {
  /** What people read. */
  readonly question: string
  /** What is to be approved: the terminal chat and the web app list them below the question. */
  readonly actions?: readonly { readonly name: string; readonly args?: { readonly [name: string]: Json } }[]
  /** Whatever else a user interface of your own wants to know. */
  readonly details?: Json
  /** What an answer has to look like. The server refuses others, with the place that is wrong. */
  readonly schema?: TypedSchema<T> | AnswerSchema
  /** After so long nobody needs to answer any more, in milliseconds. */
  readonly expiresInMs?: number
  /** The answer that is taken then; without one it is `null`. */
  readonly default?: NoInfer<T>
}

type Waiting<T> = Question<T> & { readonly expiresInMs?: undefined; readonly default?: undefined }
type WithDefault<T> = Question<T> & { readonly expiresInMs: number; readonly default: NoInfer<T> }

/**
 * Asks the people of the conversation, and gives what the first of them answers. As with `interrupt`, the node runs
 * again from its beginning when the answer is there.
 *
 * @throws QuestionError that says what is wrong with the question.
 */
export function ask<T = Json>(question: Waiting<T>): T
export function ask<T = Json>(question: WithDefault<T>): T
/** @returns `null` where nobody answered in time. */
export function ask<T = Json>(question: Question<T>): T | null
export function ask<T>({ question, actions, details, schema, expiresInMs, ...rest }: Question<T>): T | null {
  const value = { question, ...(actions ? { actions } : {}), ...(details === undefined ? {} : { details }) }
  const asked: AskedQuestion = {
    value: JSON.parse(JSON.stringify(value)) as Json,
    ...(schema === undefined ? {} : { schema: jsonSchemaOf(schema) }),
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
    ...(rest.default === undefined ? {} : { default: rest.default as Json }),
  }
  mustBeQuestion(asked)
  return interrupt<unknown, T | null>({ [askMark]: 1, ...asked })
}

function jsonSchemaOf(schema: TypedSchema<unknown> | AnswerSchema): AnswerSchema {
  return toJsonSchema(schema as unknown as Parameters<typeof toJsonSchema>[0]) as AnswerSchema
}
