/** Frames about runs: stop one, answer what it asks. */
import * as z from "zod"
import { conversationId, id, key } from "../fields.ts"
import { requestId } from "./request.ts"

/** Stops a run; without one named, every run of the conversation that has not ended. */
const stop = z.object({
  type: z.literal("stop"),
  id: requestId,
  key,
  conversation: conversationId,
  run: id.optional(),
})

/** Answers an interrupt. The first answer wins; a later one is told who gave it. */
const respond = z.object({
  type: z.literal("respond"),
  id: requestId,
  key,
  conversation: conversationId,
  interrupt: id,
  value: z.json(),
})

export const runCommands = [stop, respond] as const
