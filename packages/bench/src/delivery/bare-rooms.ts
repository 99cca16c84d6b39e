/** Who is in which room of a bare node, and what is due to each socket: one write for all of one turn of the event loop. */
import type { Socket } from "node:net"

export class BareRooms {
  readonly #rooms = new Map<string, Socket[]>()
  #due = new Map<Socket, Buffer[]>()

  enter(room: string, socket: Socket): void {
    this.#rooms.set(room, [...(this.#rooms.get(room) ?? []), socket])
  }

  /** The frame is made once. */
  tell(room: string, text: string): void {
    const sockets = this.#rooms.get(room)
    if (!sockets) return
    const frame = frameOf(text)
    for (const socket of sockets) this.#add(socket, frame)
  }

  write(socket: Socket, text: string): void {
    this.#add(socket, frameOf(text))
  }

  #add(socket: Socket, frame: Buffer): void {
    if (this.#due.size === 0) setImmediate(() => this.#flush())
    const frames = this.#due.get(socket)
    if (frames) frames.push(frame)
    else this.#due.set(socket, [frame])
  }

  #flush(): void {
    const due = this.#due
    this.#due = new Map()
    for (const [socket, frames] of due) socket.write(frames.length === 1 ? (frames[0] ?? "") : Buffer.concat(frames))
  }
}

const finalText = 0x81
const shortMax = 125

/** A text message in one frame, of at most 65,535 bytes. (RFC 6455, section 5.2) */
function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const headerLength = length > shortMax ? 4 : 2
  const frame = Buffer.allocUnsafe(headerLength + length)
  frame[0] = finalText
  frame[1] = length > shortMax ? shortMax + 1 : length
  if (length > shortMax) frame.writeUInt16BE(length, 2)
  frame.write(text, headerLength)
  return frame
}
