/** The fields that many frames share, with their limits. */
import * as z from "zod"
import { cursorPattern } from "../cursor.ts"
import { idPattern, idRules } from "../id.ts"
import { limits } from "../limits.ts"

function idOf(charsMax: number, what: string): z.ZodString {
  const { notEmpty, notLong, shape } = idRules(charsMax, what)
  return z.string().min(1, notEmpty.message).max(charsMax, notLong.message).regex(idPattern, shape.message)
}

export const id = idOf(limits.idCharsMax, "an id")
export const conversationId = idOf(limits.conversationIdCharsMax, "a conversation's id")
export const key = idOf(limits.keyCharsMax, "an idempotency key")

export const cursor = z.string().regex(cursorPattern, "a cursor looks like 12-Xy3; hand back what the server gave you")

export const seq = z.int().min(0)

/** Any JSON value. One instance, so that the published schema names it once. */
export const json = z.json()

/** Well-formed text that is not blank. Lone surrogates cannot be stored as UTF-8, so they are refused. */
const freeText = (charsMax: number, what: string) =>
  z
    .string()
    .min(1, `${what} must not be empty`)
    .max(charsMax, `${what} may have at most ${charsMax} characters`)
    .regex(/\S/, `${what} must not be blank`)
    .refine((value) => value.isWellFormed(), `${what} holds half a character (a lone surrogate)`)

export const text = freeText(limits.textCharsMax, "the text")
export const title = freeText(limits.titleCharsMax, "the title")
/** Becomes a key of an object in the state, hence the one word that no object may have as a key. */
export const reaction = freeText(limits.reactionCharsMax, "a reaction").regex(/^(?!__proto__$)/, "not a reaction")

/** Milliseconds since 1970 by the server's clock: for people to read, not to order by. */
export const time = z.number()

/**
 * What becomes of a message to an agent that is busy in the conversation: `enqueue`, it waits its turn; `steer`, the run under
 * way takes it in after the superstep it is in; `interrupt`, the run under way is stopped and this one is next; `reject`, the
 * send is refused with `busy`.
 */
export const whenBusy = z.enum(["enqueue", "steer", "interrupt", "reject"])
export type WhenBusy = z.infer<typeof whenBusy>

export const role = z.enum(["owner", "member"])
export type Role = z.infer<typeof role>

/** Who did it, and on which of their devices. */
export const by = z.object({ user: id, device: id })
export type By = z.infer<typeof by>

/** Where a conversation was forked: what that one was at this seq. */
export const forkOrigin = z.object({
  conversation: conversationId,
  seq,
  /** The thread that came along, where its agent had one. */
  thread: z
    .object({
      agent: id,
      /** Where it stands: the checkpoint that the fork begins at. */
      checkpoint: id,
      /** The last message in this log that the thread knows of; 0: none. */
      seen: seq,
      /** The last entry of the fork's beginning: the checkpoint's place in this log. */
      upTo: seq,
    })
    .optional(),
})
export type ForkOrigin = z.infer<typeof forkOrigin>
