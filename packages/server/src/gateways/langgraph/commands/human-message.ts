/**
 * The one thing that is taken from a run's input: its last human message. What a client says of the history before it, and
 * of the rest of the state, is not believed: the log has it. (SPEC LGR4)
 *
 * LangChain's clients write messages in several ways: as plain objects, as what `JSON.stringify` makes of their classes,
 * as pairs of role and content, or as a bare text.
 */
import { limits } from "@everthread/protocol"
import { fields } from "@everthread/protocol/schema"
import { done, type Outcome, refused } from "../../../core/outcome.ts"
import { keyOf } from "../events/values.ts"

export interface HumanMessage {
  readonly text: string
  /** The client's own id of it; without one a repeat of the command is another message. */
  readonly id: string | undefined
}

type Fields = { readonly [field: string]: unknown }

/** What a page sends that carries the whole history along, as some do. */
const messagesMax = 10_000
const humanRoles = new Set(["human", "user", "HumanMessage", "HumanMessageChunk"])

export function lastHumanMessage(input: unknown): Outcome<HumanMessage> {
  if (!isFields(input)) return invalid("input", "it takes an object whose messages end with a human's message")
  const list = listOf(input["messages"])
  if (list.length > messagesMax) return invalid("input.messages", `it may have at most ${messagesMax} messages`)
  const at = list.length - 1
  const last = list.at(-1)
  const message = last === undefined ? undefined : partsOf(last)
  if (!message || !humanRoles.has(message.role)) {
    return invalid("input.messages", "the last message has to be a human's; the thread has the others already")
  }
  return checked(`input.messages.${at}`, message)
}

/** A single message, or a text, stands for a list of one. */
function listOf(messages: unknown): readonly unknown[] {
  if (messages === undefined || messages === null) return []
  const isPair = Array.isArray(messages) && typeof messages[0] === "string" && humanRoles.has(messages[0])
  return Array.isArray(messages) && !isPair ? messages : [messages]
}

interface Parts {
  readonly role: string
  readonly content: unknown
  readonly id: unknown
}

function partsOf(message: unknown): Parts | undefined {
  if (typeof message === "string") return { role: "human", content: message, id: undefined }
  if (Array.isArray(message)) return { role: String(message[0]), content: message[1], id: undefined }
  if (!isFields(message)) return undefined
  const { lc, kwargs, id } = message
  if (lc !== undefined && isFields(kwargs) && Array.isArray(id)) {
    return { role: String(id.at(-1)), content: kwargs["content"], id: kwargs["id"] }
  }
  return { role: String(message["type"] ?? message["role"]), content: message["content"], id }
}

function checked(field: string, { content, id }: Parts): Outcome<HumanMessage> {
  const text = textOf(content)
  if (text === undefined) return invalid(`${field}.content`, "it takes a text, or blocks of type text")
  const read = fields.text.safeParse(text)
  if (!read.success) return tooMuch(`${field}.content`, read.error.issues[0]?.message ?? "it is no text")
  if (id === undefined || id === null) return done({ text, id: undefined })
  if (typeof id !== "string" || !fields.key.safeParse(keyOf(id)).success) {
    return invalid(`${field}.id`, "it takes up to 125 characters without white space")
  }
  return done({ text, id })
}

function textOf(content: unknown): string | undefined {
  if (typeof content === "string") return content
  if (!Array.isArray(content)) return undefined
  const texts = content.map((block: unknown) => {
    if (typeof block === "string") return block
    return isFields(block) && block["type"] === "text" && typeof block["text"] === "string" ? block["text"] : undefined
  })
  return texts.includes(undefined) ? undefined : texts.join("")
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function invalid(field: string, reason: string) {
  return refused("invalid_field", { field, message: `${field}: ${reason}` })
}

function tooMuch(field: string, reason: string) {
  return refused("invalid_field", { field, limit: limits.textCharsMax, message: `${field}: ${reason}` })
}
