/**
 * A tool's input and output as people may see them: plain JSON instead of LangChain's objects.
 *
 * An output may be a live message object, its serialized form (`{lc: 1, kwargs}`), or whatever the tool
 * returned; of a message only its content is of interest here.
 */
import type { Json } from "@everthread/protocol"
import { outputLimits } from "../options.ts"
import { jsonValue } from "./json-value.ts"

/** The input arrives as JSON text where LangChain made it so. */
export function toolInput(input: unknown): Json {
  return jsonValue(typeof input === "string" ? parsed(input) : input, outputLimits.toolCharsMax)
}

export function toolOutput(output: unknown): Json {
  return jsonValue(flat(output), outputLimits.toolCharsMax)
}

function flat(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(flat)
  if (typeof value !== "object" || value === null) return value
  const fields = "kwargs" in value && "lc" in value ? value.kwargs : value
  return isMessage(fields) ? fields.content : fields
}

function isMessage(value: unknown): value is { content: unknown } {
  return typeof value === "object" && value !== null && "content" in value && "tool_call_id" in value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
