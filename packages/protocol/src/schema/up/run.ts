/** Frames about runs: stop one, answer what it asks. */
import * as z from "zod"
import { limits } from "../../limits.ts"
import { conversationId, id, json, key } from "../fields.ts"
import { requestId } from "./request.ts"

const answer = json.refine((value) => bytesOf(value) <= limits.answerBytesMax, {
  error: `an answer may have at most ${limits.answerBytesMax} bytes of JSON`,
  params: { limit: limits.answerBytesMax },
})

/** The value's size as it is stored: UTF-8 of its JSON text. */
function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).byteLength
}

/** Stops a run; without one named, every run of the conversation that has not ended. */
const stop = z.object({
  type: z.literal("stop"),
  id: requestId,
  key,
  conversation: conversationId,
  run: id.optional(),
})

/** Has a queued run be the next one, before all others that wait. To take it out of the queue, stop it. */
const promote = z.object({
  type: z.literal("promote"),
  id: requestId,
  key,
  conversation: conversationId,
  run: id,
})

/** Has the agent answer anew: what this run, its last, has said is taken back, and another run answers the same message. */
const regenerate = z.object({
  type: z.literal("regenerate"),
  id: requestId,
  key,
  conversation: conversationId,
  run: id,
})

/** Answers an interrupt. The first answer wins; a later one is told who gave it. */
const respond = z.object({
  type: z.literal("respond"),
  id: requestId,
  key,
  conversation: conversationId,
  interrupt: id,
  value: answer,
})

export const runCommands = [stop, promote, regenerate, respond] as const
