/** A peer that speaks WebSocket by hand, and so can break every rule of it. It answers nothing, not even a ping. */
import { connect, type Socket } from "node:net"

export interface RawFrame {
  readonly opcode: number
  readonly payload: Buffer
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** A frame as a client writes it: masked, with a mask of zeros, which changes nothing. */
export function clientFrame(opcode: number, payload: Uint8Array | string, isFinal = true): Buffer {
  const bytes = Buffer.from(payload)
  const header = Buffer.alloc(bytes.length < 126 ? 6 : bytes.length < 65_536 ? 8 : 14)
  header[0] = (isFinal ? 0x80 : 0) | opcode
  if (header.length === 6) header[1] = 0x80 | bytes.length
  else if (header.length === 8) {
    header[1] = 0x80 | 126
    header.writeUInt16BE(bytes.length, 2)
  } else {
    header[1] = 0x80 | 127
    header.writeBigUInt64BE(BigInt(bytes.length), 2)
  }
  return Buffer.concat([header, bytes])
}

export class RawPeer {
  readonly frames: RawFrame[] = []
  readonly closed: Promise<void>
  readonly #socket: Socket
  #unread = Buffer.alloc(0)
  #isUpgraded = false
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on("error", () => undefined)
    socket.on("data", (data: Buffer) => this.#read(data))
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        resolve()
        this.#wake()
      })
    })
  }

  /** @param headers instead of those of a good upgrade. */
  static async open(port: number, path = "/v1", headers: readonly string[] = goodHeaders): Promise<RawPeer> {
    const peer = new RawPeer(connect(port, "127.0.0.1"))
    peer.write([`GET ${path} HTTP/1.1`, ...headers, "", ""].join("\r\n"))
    await peer.#until(() => peer.#isUpgraded)
    return peer
  }

  write(bytes: Uint8Array | string): void {
    this.#socket.write(bytes)
  }

  send(frame: object): void {
    this.write(clientFrame(opcodes.text, JSON.stringify(frame)))
  }

  /** Waits for a text frame that matches; rejects if the connection closes before. */
  async text<T = Record<string, unknown>>(matches: (frame: T) => boolean = () => true): Promise<T> {
    const found = () => this.texts.find((text) => matches(text as T)) as T | undefined
    await this.#until(() => found() !== undefined)
    return found() as T
  }

  get texts(): unknown[] {
    return this.frames
      .filter(({ opcode }) => opcode === opcodes.text)
      .map(({ payload }) => JSON.parse(payload.toString()))
  }

  /** The code the server closed with, once it has. */
  async closeCode(): Promise<number | undefined> {
    await Promise.race([this.closed, this.#until(() => this.#close !== undefined).catch(() => undefined)])
    return this.#close?.payload.readUInt16BE(0)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  get #close(): RawFrame | undefined {
    return this.frames.find(({ opcode }) => opcode === opcodes.close)
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const before = this.#wake
      this.#wake = () => {
        before()
        if (condition()) resolve()
        else if (this.#socket.destroyed) reject(new Error("The connection was closed before."))
      }
      this.#wake()
    })
  }

  #read(data: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, data])
    if (!this.#isUpgraded) this.#readHead()
    if (this.#isUpgraded) while (this.#readFrame());
    this.#wake()
  }

  #readHead(): void {
    const end = this.#unread.indexOf("\r\n\r\n")
    if (end < 0) return
    this.#isUpgraded = true
    this.#unread = this.#unread.subarray(end + 4)
  }

  #readFrame(): boolean {
    if (this.#unread.length < 2) return false
    const short = this.#unread.readUInt8(1) & 0x7f
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    if (this.#unread.length < header) return false
    const length =
      short < 126 ? short : short === 126 ? this.#unread.readUInt16BE(2) : Number(this.#unread.readBigUInt64BE(2))
    if (this.#unread.length < header + length) return false
    const payload = this.#unread.subarray(header, header + length)
    this.frames.push({ opcode: this.#unread.readUInt8(0) & 0x0f, payload })
    this.#unread = this.#unread.subarray(header + length)
    return true
  }
}

export const goodHeaders = [
  "Host: 127.0.0.1",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  "Sec-WebSocket-Version: 13",
]
