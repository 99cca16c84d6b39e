/**
 * WebSocket frames from a server: header and payload as one piece of bytes, so that they can be made once
 * and written to many sockets. (RFC 6455, section 5.2: a server does not mask.)
 */

const finalText = 0x81
const finalPing = 0x89

/** @returns a whole text message in one frame. */
export function textFrame(text: string): Uint8Array {
  return frame(finalText, text)
}

/** @param text at most 125 bytes. */
export function pingFrame(text: string): Uint8Array {
  return frame(finalPing, text)
}

function frame(firstByte: number, text: string): Uint8Array {
  const length = Buffer.byteLength(text)
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const bytes = Buffer.allocUnsafe(headerLength + length)
  bytes[0] = firstByte
  if (headerLength === 2) bytes[1] = length
  else if (headerLength === 4) {
    bytes[1] = 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = 127
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  bytes.write(text, headerLength)
  return bytes
}
