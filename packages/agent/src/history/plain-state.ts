/**
 * A graph's state as JSON that a person can read, whole. Pure.
 *
 * Messages become what they say: type, content, tool calls, id. Everything else that JSON does not know becomes
 * something readable (see `jsonValue`).
 */
import type { Json } from "@everthread/protocol"
import { jsonValue } from "../translate/json-value.ts"
import { type Fields, isFields } from "../translate/stream-event.ts"

/** @param values of the channels. Those that hold the graph's place and no value of its author are left out. */
export function plainState(values: unknown): Json {
  const own = isFields(values) ? Object.entries(values).filter(([channel]) => !isInternal(channel)) : undefined
  return jsonValue(own ? Object.fromEntries(own) : values, Number.POSITIVE_INFINITY, opened)
}

function isInternal(channel: string): boolean {
  return channel.startsWith("__") || channel.startsWith("branch:to:") || channel.startsWith("join:")
}

function opened(value: object): object {
  return isMessage(value) ? plainMessage(value) : value
}

interface Message extends Fields {
  readonly content: unknown
  getType(): string
}

/** By its mark and not by its class: the author may use another copy of LangChain. */
function isMessage(value: object): value is Message {
  return "content" in value && "getType" in value && typeof value.getType === "function"
}

const messageFields = ["id", "name", "content", "tool_calls", "tool_call_id", "status", "additional_kwargs"] as const

function plainMessage(message: Message): Fields {
  const held = messageFields.map((field) => [field, message[field]] as const).filter(([, value]) => !isNothing(value))
  return { type: message.getType(), ...Object.fromEntries(held), content: message.content }
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === "object" && Object.keys(value).length === 0
}
