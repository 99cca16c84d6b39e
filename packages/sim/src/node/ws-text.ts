/** Reads the WebSocket frames that a server writes: whole ones, not masked. (RFC 6455, section 5.2) */

export type ServerFrame = { readonly type: "text" | "ping"; readonly text: string }

const pingByte = 0x89

export function readServerFrame(bytes: Uint8Array): ServerFrame {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const short = (view[1] ?? 0) & 0x7f
  const start = short < 126 ? 2 : short === 126 ? 4 : 10
  return { type: view[0] === pingByte ? "ping" : "text", text: view.toString("utf8", start) }
}
