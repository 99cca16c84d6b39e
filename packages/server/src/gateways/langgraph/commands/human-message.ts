/**
 * The one thing that is taken from a run's input: its last human message. What a client says of the history before it, and
 * of the rest of the state, is not believed: the log has it. (SPEC LGR4)
 */
import { limits } from "@everthread/protocol"
import { keyOf, readHuman } from "@everthread/protocol/langgraph"
import { fields } from "@everthread/protocol/schema"
import { done, type Outcome, refused } from "../../../core/outcome.ts"

export interface HumanMessage {
  readonly text: string
  /** The client's own id of it; without one a repeat of the command is another message. */
  readonly id: string | undefined
}

export function lastHumanMessage(input: unknown): Outcome<HumanMessage> {
  const human = readHuman(input)
  if (!human.ok) return invalid(human.field, human.reason)
  const { field, text, id } = human
  const read = fields.text.safeParse(text)
  if (!read.success) return tooMuch(`${field}.content`, read.error.issues[0]?.message ?? "it is no text")
  if (id === undefined || id === null) return done({ text, id: undefined })
  if (typeof id !== "string" || !fields.key.safeParse(keyOf(id)).success) {
    return invalid(`${field}.id`, "it takes up to 125 characters without white space")
  }
  return done({ text, id })
}

function invalid(field: string, reason: string) {
  return refused("invalid_field", { field, message: `${field}: ${reason}` })
}

function tooMuch(field: string, reason: string) {
  return refused("invalid_field", { field, limit: limits.textCharsMax, message: `${field}: ${reason}` })
}
