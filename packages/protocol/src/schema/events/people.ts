/** What people do in a conversation: create it, come and go, write, edit, take back, react, read. */
import * as z from "zod"
import { by, id, json, key, reaction, role, seq, text, time, title } from "../fields.ts"

/** The first entry of every log. */
export const conversationCreated = z.object({
  type: z.literal("conversation.created"),
  time,
  by,
  title: title.optional(),
  /** The agent that answers every message that names no other; without one, people talk among themselves. */
  agent: id.optional(),
})

export const memberAdded = z.object({ type: z.literal("member.added"), time, by, user: id, role })
export const memberRemoved = z.object({ type: z.literal("member.removed"), time, by, user: id })

/** A person's message. Its id is the `HumanMessage.id` that the graph sees. */
export const message = z.object({
  type: z.literal("message"),
  time,
  by,
  id,
  /** The sender's idempotency key: how the device that sent it knows its own message again. */
  key,
  text,
  /** The agent it is addressed to, if any. */
  agent: id.optional(),
  replyTo: id.optional(),
})

export const edit = z.object({ type: z.literal("edit"), time, by, message: id, text })
export const redaction = z.object({ type: z.literal("redaction"), time, by, message: id })
export const reacted = z.object({ type: z.literal("reaction"), time, by, message: id, reaction, on: z.boolean() })

/** The user has read everything up to and including `upTo`. It never moves back. */
export const receipt = z.object({ type: z.literal("receipt"), time, by, upTo: seq })

/** An interrupt was answered: the first answer is the only one that is ever stored. */
export const inputResponded = z.object({
  type: z.literal("input.responded"),
  time,
  by,
  run: id,
  interrupt: id,
  value: json,
})

/** Somebody asked for a run to stop; `run.ended` says that it has. */
export const runStop = z.object({ type: z.literal("run.stop"), time, by, run: id })
