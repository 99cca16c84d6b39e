/**
 * The one thing that is taken from what a client sends: its last message. What it says of the history before is not
 * believed, because the log has it. (SPEC AIS1)
 *
 * A message of a person is something to say. An assistant's message comes back when a person has answered what it asks: then
 * nothing of it counts but these answers.
 */
import type { Json } from "../types.ts"

export interface SubmittedMessage {
  readonly kind: "message"
  /** The client's own. */
  readonly id: string
  readonly text: string
  /** Where it stands among what was sent. */
  readonly field: string
}

export interface SubmittedAnswers {
  readonly kind: "answers"
  /** The parts of the message, as the client has them. */
  readonly parts: readonly Json[]
  readonly field: string
}

export type Submission = SubmittedMessage | SubmittedAnswers

export type SubmissionRead =
  | { readonly ok: true; readonly submission: Submission }
  | { readonly ok: false; readonly field: string; readonly reason: string }

type Fields = { readonly [field: string]: unknown }

export function readSubmission(messages: readonly unknown[]): SubmissionRead {
  const field = `messages.${messages.length - 1}`
  const last = messages.at(-1)
  if (!isObject(last)) return no(field, "it takes a message: an object with id, role and parts")
  const { role, parts } = last
  if (!Array.isArray(parts)) return no(`${field}.parts`, "it takes a list of parts")
  if (role === "user") return readMessage(field, last["id"], parts)
  if (role === "assistant") return { ok: true, submission: { kind: "answers", parts: parts as Json[], field } }
  return no(`${field}.role`, "the last message has to be a user's, or an assistant's whose questions are answered")
}

function readMessage(field: string, id: unknown, parts: readonly unknown[]): SubmissionRead {
  if (typeof id !== "string") return no(`${field}.id`, "it takes a text")
  const texts: string[] = []
  for (const [index, part] of parts.entries()) {
    if (!isObject(part) || part["type"] !== "text" || typeof part["text"] !== "string") {
      return no(`${field}.parts.${index}`, "only parts of type text can be sent; files and data are not taken")
    }
    texts.push(part["text"])
  }
  return { ok: true, submission: { kind: "message", id, text: texts.join(""), field } }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function no(field: string, reason: string): SubmissionRead {
  return { ok: false, field, reason: `${field}: ${reason}` }
}
