/**
 * The one thing that is taken from what a client sends: its last message. What it says of the history before is not
 * believed, because the log has it. (SPEC AIS1)
 *
 * A message of a person is something to say. An assistant's message comes back when a person has answered what it asks: then
 * nothing of it counts but these answers.
 */
import { type Json, limits } from "@everthread/protocol"
import { keyOf } from "@everthread/protocol/ai-sdk"
import { fields } from "@everthread/protocol/schema"
import { done, type Outcome, refused } from "../../../core/outcome.ts"

export type Submission =
  | { readonly kind: "message"; readonly id: string; readonly text: string; readonly field: string }
  | { readonly kind: "answers"; readonly parts: readonly Json[]; readonly field: string }

type Fields = { readonly [field: string]: unknown }

export function submissionOf(messages: readonly unknown[]): Outcome<Submission> {
  const field = `messages.${messages.length - 1}`
  const last = messages.at(-1)
  if (!isFields(last)) return invalid(field, "it takes a message: an object with id, role and parts")
  const { role, parts } = last
  if (!Array.isArray(parts)) return invalid(`${field}.parts`, "it takes a list of parts")
  if (role === "user") return message(field, last["id"], parts)
  if (role === "assistant") return done({ kind: "answers", parts: parts as Json[], field })
  return invalid(`${field}.role`, "the last message has to be a user's, or an assistant's whose questions are answered")
}

function message(field: string, id: unknown, parts: readonly unknown[]): Outcome<Submission> {
  if (typeof id !== "string" || !fields.key.safeParse(keyOf(id)).success) {
    return invalid(`${field}.id`, "it takes up to 125 characters without white space")
  }
  const text = textOf(`${field}.parts`, parts)
  if (!text.ok) return text
  const read = fields.text.safeParse(text.result)
  if (read.success) return done({ kind: "message", id, text: read.data, field })
  const reason = read.error.issues[0]?.message ?? "it is no text"
  const at = `${field}.parts`
  return refused("invalid_field", { field: at, limit: limits.textCharsMax, message: `${at}: ${reason}` })
}

function textOf(field: string, parts: readonly unknown[]): Outcome<string> {
  const texts: string[] = []
  for (const [index, part] of parts.entries()) {
    if (!isFields(part) || part["type"] !== "text" || typeof part["text"] !== "string") {
      return invalid(`${field}.${index}`, "only parts of type text can be sent; files and data are not taken")
    }
    texts.push(part["text"])
  }
  return done(texts.join(""))
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function invalid(field: string, reason: string) {
  return refused("invalid_field", { field, message: `${field}: ${reason}` })
}
