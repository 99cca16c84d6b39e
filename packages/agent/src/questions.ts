/**
 * What a graph asks, as the log has it. Pure.
 *
 * A plain `interrupt(value)` is its value. What `ask` of `@everthread/agent/author` raises is marked, and says more: what
 * an answer has to look like, until when one is waited for, and what is taken then. The mark may have been made by hand
 * or by another version, so it is checked here as `ask` checks it.
 */
import type { ConversationState, EventOf, Interrupt, Json } from "@everthread/protocol"
import { limits } from "@everthread/protocol"
import { type AnswerSchema, answerFault, schemaFault } from "./answer-schema.ts"
import { questionId } from "./answers.ts"
import type { RaisedInterrupt } from "./graph.ts"
import { outputLimits } from "./options.ts"
import { jsonValue } from "./translate/json-value.ts"

/** The key that marks what `ask` raises. Its value is the form's version. */
export const askMark = "__everthread_ask"

/** What `ask` raises, beside the mark. */
export interface AskedQuestion {
  readonly value: Json
  readonly schema?: AnswerSchema
  readonly expiresInMs?: number
  readonly default?: Json
}

/** An author's mistake in a question, in words for the author. */
export class QuestionError extends Error {
  override readonly name = "QuestionError"
}

/** @throws QuestionError that says what is wrong with it. */
export function mustBeQuestion(question: AskedQuestion): void {
  const { schema, expiresInMs, default: byDefault } = question
  const schemaWrong = schema && schemaFault(schema)
  if (schemaWrong) throw new QuestionError(`The question's schema cannot be used: ${schemaWrong}.`)
  if (expiresInMs !== undefined && !isWait(expiresInMs))
    throw new QuestionError(`expiresInMs has to be from 1 to ${outputLimits.expiresInMsMax}, and is ${expiresInMs}.`)
  if (byDefault === undefined) return
  if (expiresInMs === undefined)
    throw new QuestionError("A default is taken when a question expires: give expiresInMs.")
  if (new TextEncoder().encode(JSON.stringify(byDefault)).byteLength > limits.answerBytesMax)
    throw new QuestionError(`The default may have at most ${limits.answerBytesMax} bytes of JSON.`)
  const defaultWrong = schema && answerFault(schema, byDefault)
  if (defaultWrong) throw new QuestionError(`The default does not fit the question's schema: ${defaultWrong}`)
}

const isWait = (ms: number) => Number.isFinite(ms) && ms >= 1 && ms <= outputLimits.expiresInMsMax

/** @param raised what the graph gave to `interrupt`. @throws QuestionError */
function questionOf(raised: unknown): AskedQuestion {
  if (typeof raised !== "object" || raised === null || !(askMark in raised)) return { value: jsonValue(raised) }
  const { value, schema, expiresInMs, default: byDefault } = raised as { readonly [field: string]: unknown }
  if (schema !== undefined && (typeof schema !== "object" || schema === null || Array.isArray(schema)))
    throw new QuestionError("The question's schema cannot be used: it is no object.")
  if (expiresInMs !== undefined && typeof expiresInMs !== "number")
    throw new QuestionError("expiresInMs has to be a number.")
  const question: AskedQuestion = {
    value: jsonValue(value),
    ...(schema === undefined ? {} : { schema: asJson(schema) as AnswerSchema }),
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
    ...(byDefault === undefined ? {} : { default: asJson(byDefault) }),
  }
  mustBeQuestion(question)
  return question
}

/** What becomes of it on its way through JSON, whole: neither a schema nor a default may be cut. */
function asJson(value: unknown): Json {
  try {
    return JSON.parse(JSON.stringify(value)) as Json
  } catch (cause) {
    throw new QuestionError("The question's schema and default have to be JSON.", { cause })
  }
}

/**
 * @param nowMs the worker's wall clock: the one moment that is written down.
 * @returns what the log does not know yet: a question that was asked before and is still open is not asked again.
 * @throws QuestionError
 */
export function newQuestions(
  raised: readonly RaisedInterrupt[],
  state: ConversationState,
  run: string,
  nowMs: number,
): EventOf<"input.requested">[] {
  const named = raised.map(({ id, value }) => ({ interrupt: questionId(state, id), value }))
  const unknown = named.filter(({ interrupt }) => !state.interrupts.some(({ id }) => id === interrupt))
  return unknown.map(({ interrupt, value }) => questionEvent({ run, interrupt }, questionOf(value), nowMs))
}

function questionEvent(
  about: Pick<EventOf<"input.requested">, "run" | "interrupt">,
  { value, schema, expiresInMs, default: byDefault }: AskedQuestion,
  nowMs: number,
): EventOf<"input.requested"> {
  return {
    type: "input.requested",
    time: nowMs,
    ...about,
    value,
    ...(schema === undefined ? {} : { schema: { ...schema } }),
    ...(expiresInMs === undefined ? {} : { expiresAt: nowMs + expiresInMs }),
    ...(byDefault === undefined ? {} : { default: byDefault }),
  }
}

/** A question that ends by itself. */
export type ExpiringQuestion = Interrupt & { readonly expiresAt: number }

/** The run's questions that are open and will expire: while there are any, the run has to stay findable. */
export function expiringQuestions(state: ConversationState, run: string): ExpiringQuestion[] {
  const isExpiring = (held: Interrupt): held is ExpiringQuestion =>
    held.run === run && !held.answer && held.expiresAt !== undefined
  return state.interrupts.filter(isExpiring)
}
