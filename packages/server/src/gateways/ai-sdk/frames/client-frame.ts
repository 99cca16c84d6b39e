/**
 * The three frames of the AI SDK's client, and one precise error where something is none of them. (SPEC AIS5)
 *
 * Only the last of the messages is looked at, and only where it is acted on: the others are the client's own memory.
 */
import { nearest, parseFrame, type RawFrame, type WireError, wireError } from "@everthread/protocol"
import { explainIssue, fields } from "@everthread/protocol/schema"
import * as z from "zod"

/** What a page sends that carries the whole history along, as it does by itself. */
const messagesMax = 10_000
const idCharsMax = 128
const headersMax = 64

const requestId = z.string().min(1).max(idCharsMax)

const about = {
  requestId,
  /** The chat, and so the conversation. */
  id: fields.conversationId,
  headers: z
    .record(z.string(), z.string())
    .refine((headers) => Object.keys(headers).length <= headersMax, `it may have at most ${headersMax} headers`)
    .optional(),
  body: z.looseObject({ agent: fields.id.nullish(), whenBusy: fields.whenBusy.nullish() }).optional(),
}

const schemas = {
  send: z.object({
    type: z.literal("send"),
    ...about,
    trigger: z.enum(["submit-message", "regenerate-message"]),
    messages: z.array(z.unknown()).min(1).max(messagesMax),
  }),
  resume: z.object({ type: z.literal("resume"), ...about }),
  abort: z.object({ type: z.literal("abort"), requestId }),
} as const

export type SendFrame = z.infer<(typeof schemas)["send"]>
export type ResumeFrame = z.infer<(typeof schemas)["resume"]>
export type AbortFrame = z.infer<(typeof schemas)["abort"]>
export type ClientFrame = SendFrame | ResumeFrame | AbortFrame

export type FrameRead =
  | { readonly ok: true; readonly frame: ClientFrame }
  /** `requestId`: empty where the frame names none. */
  | { readonly ok: false; readonly requestId: string; readonly error: WireError }

export function readClientFrame(text: string): FrameRead {
  const parsed = parseFrame(text)
  if (!parsed.ok) return { ok: false, requestId: "", error: parsed.error }
  const { value } = parsed
  const read = requestId.safeParse(value["requestId"])
  const named = read.success ? read.data : ""
  const { type } = value
  if (typeof type !== "string" || !Object.hasOwn(schemas, type)) {
    return { ok: false, requestId: named, error: unknownType(type) }
  }
  const checked = schemas[type as keyof typeof schemas].safeParse(value)
  if (checked.success) return { ok: true, frame: checked.data }
  return { ok: false, requestId: named, error: errorOf(checked.error, value) }
}

function errorOf({ issues: [issue] }: z.ZodError, value: RawFrame): WireError {
  return issue ? explainIssue(issue, value) : wireError("invalid_field")
}

function unknownType(type: unknown): WireError {
  const names = Object.keys(schemas)
  const near = typeof type === "string" ? nearest(type, names) : undefined
  const hint = near ? `did you mean ${near}?` : `there are ${names.join(", ")}`
  const shown = typeof type === "string" ? JSON.stringify(type.slice(0, 64)) : "none"
  return wireError("unknown_command", {
    field: "type",
    message: `type: ${shown} is no frame of this protocol; ${hint}`,
  })
}
