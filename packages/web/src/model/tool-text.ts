/** What a tool was given and what it gave back, as a person reads it. */
import type { Json } from "@everthread/protocol"
import { isFields, printed } from "./question.ts"

/** @param text the arguments as the model wrote them, which may be half of a JSON text still. */
export function argumentsText(text: string): string {
  try {
    return printed(JSON.parse(text) as Json)
  } catch {
    return text
  }
}

/** @returns the content alone where it is a tool's message. */
export function outputText(output: Json): string {
  if (isFields(output) && typeof output["content"] === "string") return output["content"]
  return printed(output)
}
