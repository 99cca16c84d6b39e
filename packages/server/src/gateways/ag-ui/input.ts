/**
 * The one thing that is taken from an input: its last message, or its answers. What a client says of the history, of the
 * state and of tools is not believed: the log has it. (SPEC AGU3)
 */
import { limits } from "@everthread/protocol"
import { keyOfMessage, mayBeClientId } from "@everthread/protocol/ag-ui"
import { fields } from "@everthread/protocol/schema"
import * as z from "zod"
import { done, type Outcome, refused } from "../../core/outcome.ts"

/** One input, in bytes: stock clients send all that they show along, again and again. */
export const inputBytesMax = 8_388_608

/** What a page sends that carries the whole history along, as they do. */
const messagesMax = 10_000
/** Answers in one input: more than a graph may ask at a time. */
const answersMax = 500

const answer = z.object({
  interruptId: fields.id,
  status: z.enum(["resolved", "cancelled"]),
  payload: fields.json.nullish(),
})

/** What else an input carries (state, tools, context, forwardedProps) is let through, and not read. */
export const inputSchema = z.object({
  threadId: fields.conversationId,
  runId: fields.id,
  messages: z.array(z.unknown()).max(messagesMax, `it may have at most ${messagesMax} messages`),
  resume: z.array(answer).max(answersMax, `it may have at most ${answersMax} answers`).nullish(),
})

export type RunInput = z.infer<typeof inputSchema>
export type ResumeAnswer = z.infer<typeof answer>

/** An input, of which the thread alone counts. */
export const connectSchema = inputSchema.pick({ threadId: true })

export const stopSchema = z.object({
  threadId: fields.conversationId,
  runId: fields.id.nullish(),
  messageId: z.string().max(limits.keyCharsMax).nullish(),
})

export interface PersonsMessage {
  /** Where it stands in the input. */
  readonly field: string
  readonly id: string
  readonly text: string
}

/**
 * @param isOthers whether a message of this id is another person's, which a page that follows the thread shows, too.
 * @returns the last message of this person. What stands behind it is what an agent has said to it: a client that was cut
 *   off sends that along, and is told the same run again.
 */
export function lastMessage(
  { messages }: Pick<RunInput, "messages">,
  isOthers: (id: unknown) => boolean = () => false,
): Outcome<PersonsMessage> {
  const isOwn = (message: unknown) => isFields(message) && message["role"] === "user" && !isOthers(message["id"])
  const at = messages.findLastIndex(isOwn)
  const last = messages[at]
  if (!isFields(last)) return invalid("messages", "one of them has to be yours: it has the role user")
  const strange = messages.findIndex((message, index) => index > at && isPagesResult(message))
  if (strange >= 0)
    return invalid(`messages.${strange}.role`, "tools run beside the agent here; a page answers with resume")
  const field = `messages.${at}`
  const { id, content } = last
  if (typeof id !== "string" || !mayBeClientId(id) || !fields.key.safeParse(keyOfMessage(id)).success) {
    return invalid(`${field}.id`, "it takes up to 125 characters without white space and ~")
  }
  const text = textOf(content)
  if (text === undefined) return invalid(`${field}.content`, "it takes a text, or parts of type text")
  const read = fields.text.safeParse(text)
  if (read.success) return done({ field, id, text })
  const reason = read.error.issues[0]?.message ?? "it is no text"
  return invalid(`${field}.content`, reason, limits.textCharsMax)
}

/** What a tool has come to that the page itself has run: ours have ids that no client chooses. */
function isPagesResult(message: unknown): boolean {
  return isFields(message) && message["role"] === "tool" && mayBeClientId(String(message["id"]))
}

/** @returns the ids of what the client shows, in its order, as far as they can be ids. */
export function idsOf({ messages }: Pick<RunInput, "messages">): string[] {
  return messages.flatMap((message) => (isFields(message) && typeof message["id"] === "string" ? [message["id"]] : []))
}

function textOf(content: unknown): string | undefined {
  if (typeof content === "string") return content
  if (!Array.isArray(content)) return undefined
  const texts = content.map((part: unknown) =>
    isFields(part) && part["type"] === "text" && typeof part["text"] === "string" ? part["text"] : undefined,
  )
  return texts.includes(undefined) ? undefined : texts.join("")
}

function isFields(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function invalid(field: string, reason: string, limit?: number): Outcome<never> {
  return refused("invalid_field", { field, message: `${field}: ${reason}`, ...(limit === undefined ? {} : { limit }) })
}
