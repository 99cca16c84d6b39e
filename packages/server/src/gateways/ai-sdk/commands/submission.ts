/** What a client has submitted, within the limits of the protocol. */
import { limits } from "@everthread/protocol"
import { keyOf, readSubmission, type Submission } from "@everthread/protocol/ai-sdk"
import { fields } from "@everthread/protocol/schema"
import { done, type Outcome, refused } from "../../../core/outcome.ts"

export function submissionOf(messages: readonly unknown[]): Outcome<Submission> {
  const read = readSubmission(messages)
  if (!read.ok) return refused("invalid_field", { field: read.field, message: read.reason })
  const { submission } = read
  if (submission.kind === "answers") return done(submission)
  const { id, text, field } = submission
  if (!fields.key.safeParse(keyOf(id)).success) {
    const message = `${field}.id: it takes up to 125 characters without white space`
    return refused("invalid_field", { field: `${field}.id`, message })
  }
  const checked = fields.text.safeParse(text)
  if (checked.success) return done(submission)
  const message = `${field}.parts: ${checked.error.issues[0]?.message ?? "it is no text"}`
  return refused("invalid_field", { field: `${field}.parts`, limit: limits.textCharsMax, message })
}
