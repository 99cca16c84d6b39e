/** What people do in a conversation: create it, come and go, write, edit, take back, react, read. */
import * as z from "zod"
import { by, forkOrigin, id, json, key, reaction, role, seq, text, time, title, whenBusy } from "../fields.ts"
import { chatMessage } from "../state.ts"

/** The first entry of every log. */
export const conversationCreated = z.object({
  type: z.literal("conversation.created"),
  time,
  by,
  title: title.optional(),
  /** The agent that answers every message that names no other; without one, people talk among themselves. */
  agent: id.optional(),
  /** What becomes of messages to a busy agent, where they do not say it themselves; without it they wait their turn. */
  whenBusy: whenBusy.optional(),
  from: forkOrigin.optional(),
})

/** What is named becomes what is given. */
export const conversationChanged = z.object({
  type: z.literal("conversation.changed"),
  time,
  by,
  title: title.optional(),
  agent: id.optional(),
  whenBusy: whenBusy.optional(),
})

/** A message that came along when the conversation was forked, as it was there but for its place. */
export const copied = z.object({ type: z.literal("copied"), time, message: chatMessage })

/** Retention: finished messages that began at `upTo` or before are gone, from here, from the archive and from the log. */
export const expired = z.object({
  type: z.literal("expired"),
  time,
  upTo: seq,
  /** How many of them had left the state before: it can count only those that it holds. */
  gone: z.int().min(0).optional(),
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
  /** Who answered; nobody, where `expired`. */
  by: by.optional(),
  run: id,
  interrupt: id,
  value: json,
  /** Nobody answered in time: the value is the question's own default. */
  expired: z.literal(true).optional(),
})

/** The run is the next one to be worked on, before all others that wait. */
export const runPromoted = z.object({ type: z.literal("run.promoted"), time, by, run: id })

/** Somebody asked for a run to stop; `run.ended` says that it has. */
export const runStop = z.object({ type: z.literal("run.stop"), time, by, run: id })
