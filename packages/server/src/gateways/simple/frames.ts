/** What a simple client may send, and one precise error where it is something else. */
import { type ParsedFrame, parseFrame, type WireError, wireError } from "@everthread/protocol"
import { explainIssue, fields } from "@everthread/protocol/schema"
import * as z from "zod"

/** ISO 8601, with or without an offset: clients write their local time. */
const timestamp = z.iso.datetime({
  offset: true,
  local: true,
  error: "not an ISO 8601 date and time; write it like 2026-01-31T12:00:00Z",
})

const hello = z.object({
  user_id: fields.id,
  device_id: fields.id,
  timestamp,
  token: z.string().optional(),
  conversation_id: fields.conversationId.optional(),
  agent: fields.id.optional(),
  stream: z.boolean().optional(),
  cursor: fields.cursor.optional(),
})

/** Two characters are kept for the mark that says whose key it is. */
const messageId = fields.key.max(126, "a message_id may have at most 126 characters")

const text = z.object({
  type: z.literal("text"),
  timestamp,
  content: fields.text,
  message_id: messageId.optional(),
  conversation_id: fields.conversationId.optional(),
})

const heartbeat = z.object({ type: z.literal("heartbeat"), timestamp })

const about = { type: z.literal("command"), timestamp, conversation_id: fields.conversationId.optional() }
const command = z.discriminatedUnion("command", [
  z.object({ ...about, command: z.literal("join"), conversation_id: fields.conversationId }),
  z.object({ ...about, command: z.literal("leave") }),
  z.object({
    ...about,
    command: z.literal("history"),
    limit: z.int().min(1).max(200).optional(),
    before: fields.seq.optional(),
  }),
  z.object({ ...about, command: z.literal("members") }),
  z.object({ ...about, command: z.literal("status") }),
  z.object({ ...about, command: z.literal("stop") }),
])

const healthCheck = z.object({ type: z.literal("health_check"), timestamp })

export type SimpleHello = z.infer<typeof hello>
export type SimpleText = z.infer<typeof text>
export type SimpleCommand = z.infer<typeof command>
export type SimpleFrame =
  | ({ readonly kind: "hello" } & SimpleHello)
  | ({ readonly kind: "text" } & SimpleText)
  | ({ readonly kind: "heartbeat" } & z.infer<typeof heartbeat>)
  | ({ readonly kind: "command" } & SimpleCommand)
  | ({ readonly kind: "health_check" } & z.infer<typeof healthCheck>)

export type SimpleRead =
  | { readonly ok: true; readonly frame: SimpleFrame }
  | { readonly ok: false; readonly error: WireError; readonly messageId?: string }

const frames = { text, heartbeat, command, health_check: healthCheck } as const

export function readSimpleFrame(text: string): SimpleRead {
  const parsed: ParsedFrame = parseFrame(text)
  if (!parsed.ok) return parsed
  const { value } = parsed
  const type = value["type"]
  if (type === undefined && ("user_id" in value || "device_id" in value)) return check("hello", hello, value)
  if (typeof type === "string" && Object.hasOwn(frames, type)) {
    return check(type as keyof typeof frames, frames[type as keyof typeof frames], value)
  }
  return { ok: false, error: unknownType(type) }
}

function check(kind: SimpleFrame["kind"], schema: z.ZodType, value: Readonly<Record<string, unknown>>): SimpleRead {
  const read = schema.safeParse(value)
  if (read.success) return { ok: true, frame: { kind, ...(read.data as object) } as SimpleFrame }
  const [issue] = read.error.issues
  const error = issue ? explainIssue(issue, value) : wireError("invalid_field")
  const id = messageId.safeParse(value["message_id"])
  return { ok: false, error, ...(id.success ? { messageId: id.data } : {}) }
}

function unknownType(type: unknown): WireError {
  if (type === undefined) {
    return wireError("invalid_field", {
      field: "type",
      message: "type: this field is missing; it takes text, heartbeat or command",
    })
  }
  if (type === "system") {
    return wireError("unknown_command", {
      field: "type",
      message: "Frames of type system are the server's; a client sends text, heartbeat or command.",
    })
  }
  const shown = JSON.stringify(type).slice(0, 64)
  return wireError("unknown_command", {
    field: "type",
    message: `There is no type ${shown}; a client sends text, heartbeat or command.`,
  })
}
