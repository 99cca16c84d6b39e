/** Frames about messages: write, change, take back, react, read, type. */
import * as z from "zod"
import { conversationId, id, key, reaction, seq, text, whenBusy } from "../fields.ts"
import { requestId } from "./request.ts"

const about = { id: requestId, key, conversation: conversationId }

const send = z.object({
  type: z.literal("send"),
  ...about,
  text,
  /** The agent that shall answer; without one, the conversation's own, if it has one. */
  agent: id.optional(),
  replyTo: id.optional(),
  /** What is to become of it where the agent is busy here; without it, what the conversation says. */
  whenBusy: whenBusy.optional(),
})

const edit = z.object({ type: z.literal("edit"), ...about, message: id, text })
const redact = z.object({ type: z.literal("redact"), ...about, message: id })
const react = z.object({ type: z.literal("react"), ...about, message: id, reaction, on: z.boolean() })
const read = z.object({ type: z.literal("read"), ...about, upTo: seq })

/** Ephemeral: no reply, no place in the log, may be lost. */
const typing = z.object({ type: z.literal("typing"), conversation: conversationId, on: z.boolean() })

export const messageCommands = [send, edit, redact, react, read, typing] as const
