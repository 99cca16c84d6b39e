/** The fields that many frames share, with their limits. */
import * as z from "zod"
import { limits } from "../limits.ts"

/** No white space, no control or private characters, no lone surrogates: what can stand in a log line and a key. */
const idPattern = /^[^\s\p{C}]+$/u

const idOf = (charsMax: number, what: string) =>
  z
    .string()
    .min(1, `${what} must not be empty`)
    .max(charsMax, `${what} may have at most ${charsMax} characters`)
    .regex(idPattern, `${what} must have no white space and no control characters`)

export const id = idOf(limits.idCharsMax, "an id")
export const conversationId = idOf(limits.conversationIdCharsMax, "a conversation's id")
export const key = idOf(limits.keyCharsMax, "an idempotency key")

export const cursor = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})-[0-9A-Za-z]{1,32}$/, "a cursor looks like 12-Xy3; hand back what the server gave you")

export const seq = z.int().min(0)

/** Well-formed text that is not blank. Lone surrogates cannot be stored as UTF-8, so they are refused. */
export const text = z
  .string()
  .max(limits.textCharsMax, `the text may have at most ${limits.textCharsMax} characters`)
  .refine((value) => value.trim() !== "", "the text must not be blank")
  .refine((value) => value.isWellFormed(), "the text holds half a character (a lone surrogate)")

export const title = z
  .string()
  .min(1, "the title must not be empty")
  .max(limits.titleCharsMax, `the title may have at most ${limits.titleCharsMax} characters`)

export const reaction = z
  .string()
  .min(1)
  .max(limits.reactionCharsMax, `a reaction may have at most ${limits.reactionCharsMax} characters`)

/** Milliseconds since 1970 by the server's clock: for people to read, not to order by. */
export const time = z.number()

export const role = z.enum(["owner", "member"])
export type Role = z.infer<typeof role>

/** Who did it, and on which of their devices. */
export const by = z.object({ user: id, device: id })
export type By = z.infer<typeof by>
