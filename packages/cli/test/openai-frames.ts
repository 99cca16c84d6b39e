/** What OpenAI's API reads and streams, as far as the tests' local servers go. */
import type { IncomingMessage } from "node:http"

export function chunk(delta: object, finish_reason: string | null): string {
  const choices = [{ index: 0, delta: { role: "assistant", ...delta }, finish_reason }]
  return `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 0, model: "m", choices })}\n\n`
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ""
  for await (const part of request) text += String(part)
  return text
}
