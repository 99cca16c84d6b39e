/** The five frames of the AI SDK's server, as bytes. A chunk's text is made once, however many connections are told it. (SPEC DLV1) */
import type { WireError } from "@everthread/protocol"
import type { Chunk } from "@everthread/protocol/ai-sdk"
import { textFrame } from "../../../connection/ws-frame.ts"

export type PlainFrame = "start" | "end" | "no-active"

export function plainFrame(type: PlainFrame, requestId: string): Uint8Array {
  return textFrame(JSON.stringify({ type, requestId }))
}

/** The client looks at `errorText` alone; the rest is for programs that look closer. */
export function errorFrame(requestId: string, error: WireError): Uint8Array {
  const { message, ...more } = error
  return textFrame(JSON.stringify({ type: "error", requestId, errorText: message, ...more }))
}

const texts = new WeakMap<Chunk, string>()

export function chunkFrame(requestId: string, sequence: number, chunk: Chunk): Uint8Array {
  const text = texts.get(chunk) ?? JSON.stringify(chunk)
  texts.set(chunk, text)
  return textFrame(`{"type":"chunk","requestId":${JSON.stringify(requestId)},"sequence":${sequence},"chunk":${text}}`)
}
