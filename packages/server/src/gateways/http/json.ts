/** JSON over HTTP: bodies in, answers and errors out. */
import type { IncomingMessage, ServerResponse } from "node:http"
import { httpStatusOf, parseFrame, type RawFrame, type WireError, wireError } from "@everthread/protocol"
import { done, type Outcome } from "../../core/outcome.ts"

export function statusOf({ code }: WireError): number {
  return httpStatusOf(code)
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return
  const text = JSON.stringify(body)
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  })
  response.end(text)
}

/** `detail` is where LangGraph's clients look, `message` where their streams do. */
export function sendError(response: ServerResponse, error: WireError, status = statusOf(error)): void {
  if (error.retryAfterMs !== undefined && !response.headersSent) {
    response.setHeader("retry-after", Math.ceil(error.retryAfterMs / 1_000))
  }
  sendJson(response, status, { detail: error.message, ...error })
}

/** Reads a body up to a size. @returns its text, or why it is none. */
export async function readText(request: IncomingMessage, bytesMax: number): Promise<Outcome<string>> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > bytesMax) break
      chunks.push(chunk)
    }
  } catch {
    return { ok: false, error: wireError("bad_frame", { message: "The body broke off." }) }
  }
  if (bytes <= bytesMax) return done(Buffer.concat(chunks).toString("utf8"))
  // The rest is read and forgotten: a client that is cut off while it sends is not told why, and tries again.
  request.resume()
  return tooLarge(bytesMax)
}

/** @returns the body's fields; none of an empty one. */
export async function readFields(request: IncomingMessage, bytesMax: number): Promise<Outcome<RawFrame>> {
  const text = await readText(request, bytesMax)
  if (!text.ok) return text
  if (text.result === "") return done({})
  const parsed = parseFrame(text.result)
  return parsed.ok ? done(parsed.value) : parsed
}

function tooLarge(limit: number): Outcome<never> {
  const message = `A request may have at most ${limit} bytes.`
  return { ok: false, error: wireError("frame_too_large", { limit, message }) }
}
