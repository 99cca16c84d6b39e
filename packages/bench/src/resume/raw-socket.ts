/**
 * A WebSocket as raw as it can be: what comes is handed on in the pieces in which it comes, and nobody takes frames apart.
 *
 * Whoever measures how fast a server catches a device up must not be slower than the server. So this reads bytes, and
 * whoever uses it looks for the few of them that it knows. Every frame that is written is a text frame whose mask is
 * zero, which RFC 6455 does not forbid and which leaves the text as it is. It says now and then, unasked, that it is there:
 * a server lets go of who does not answer its pings.
 */
import { connect } from "node:net"
import { fail } from "../delivery/child-side.ts"

export interface RawSocket {
  say(text: string): void
  /** Ends it without a word, as a lost network does. */
  drop(): void
}

const finalText = 0x81
const maskedPong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0])
const aliveMs = 10_000
const maskBit = 0x80
const maskBytes = 4
const headEnd = "\r\n\r\n"
/** Any 16 bytes: nobody here checks what the server makes of them. */
const key = "ZXZlcnRocmVhZC1iZW5jaA=="

/**
 * @param heard is given every piece that comes behind the server's answer to the upgrade.
 * @param lost is called when the other side closes it.
 */
export function openRaw(
  port: number,
  path: string,
  heard: (bytes: Buffer) => void,
  lost: () => void = () => fail("a connection was closed"),
): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true })
    const alive = setInterval(() => socket.write(maskedPong), aliveMs)
    let isDropped = false
    const raw: RawSocket = {
      say: (text) => void socket.write(maskedFrame(text)),
      drop() {
        isDropped = true
        socket.destroy()
      },
    }
    let head: Buffer | undefined = Buffer.alloc(0)
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}${headEnd}`,
    )
    socket.on("error", reject)
    socket.on("close", () => {
      clearInterval(alive)
      if (!head && !isDropped) lost()
      reject(new Error("the connection was closed before it was open"))
    })
    socket.on("data", (bytes: Buffer) => {
      if (!head) return heard(bytes)
      head = Buffer.concat([head, bytes])
      const end = head.indexOf(headEnd)
      if (end < 0) return
      const answer = head.toString("latin1", 0, end)
      if (!answer.includes(" 101 ")) {
        raw.drop()
        return reject(new Error(answer))
      }
      const rest = head.subarray(end + headEnd.length)
      head = undefined
      resolve(raw)
      if (rest.length > 0) heard(rest)
    })
  })
}

export function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const size = payload.length
  const header = Buffer.alloc((size < 126 ? 2 : 4) + maskBytes)
  header[0] = finalText
  header[1] = maskBit | (size < 126 ? size : 126)
  if (size >= 126) header.writeUInt16BE(size, 2)
  return Buffer.concat([header, payload])
}
