/**
 * The one thing that is taken from an input: its last message, or its answers. What a client says of the history, of the
 * state and of tools is not believed: the log has it. (SPEC AGU3)
 */
import { limits } from "@everthread/protocol"
import { keyOfMessage, lastMessageOf, mayBeClientId, pagesResult } from "@everthread/protocol/ag-ui"
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

/** @param isOthers whether a message of this id is another person's. */
export function lastMessage(
  { messages }: Pick<RunInput, "messages">,
  isOthers: (id: unknown) => boolean = () => false,
): Outcome<PersonsMessage> {
  const last = lastMessageOf(messages, isOthers)
  if (!last) return invalid("messages", "one of them has to be yours: it has the role user")
  const strange = pagesResult(messages, last.at)
  if (strange >= 0)
    return invalid(`messages.${strange}.role`, "tools run beside the agent here; a page answers with resume")
  const field = `messages.${last.at}`
  const { id, text } = last
  if (typeof id !== "string" || !mayBeClientId(id) || !fields.key.safeParse(keyOfMessage(id)).success) {
    return invalid(`${field}.id`, "it takes up to 125 characters without white space and ~")
  }
  if (text === undefined) return invalid(`${field}.content`, "it takes a text, or parts of type text")
  const read = fields.text.safeParse(text)
  if (read.success) return done({ field, id, text })
  const reason = read.error.issues[0]?.message ?? "it is no text"
  return invalid(`${field}.content`, reason, limits.textCharsMax)
}

function invalid(field: string, reason: string, limit?: number): Outcome<never> {
  return refused("invalid_field", { field, message: `${field}: ${reason}`, ...(limit === undefined ? {} : { limit }) })
}
