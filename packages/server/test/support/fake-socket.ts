/** The port of one WebSocket without a network: it takes what the test lets it take, and remembers every write. */
import type { Socket } from "../../src/connection/socket.ts"

export class FakeSocket implements Socket {
  pendingBytes = 0
  receivedBytes = 0
  paused = false
  /** Each write: the frames it was given. */
  readonly writes: Uint8Array[][] = []
  closedWith: { readonly code: number; readonly reason: string } | undefined
  /** Whether the network takes everything at once. */
  isFast = true

  get frames(): Uint8Array[] {
    return this.writes.flat()
  }

  /** What a client would read. */
  get texts(): string[] {
    return this.frames.flatMap(textsIn)
  }

  write(frames: readonly Uint8Array[]): void {
    this.writes.push([...frames])
    if (!this.isFast) this.pendingBytes += frames.reduce((sum, frame) => sum + frame.length, 0)
  }

  close(code: number, reason: string): void {
    this.closedWith ??= { code, reason }
  }

  destroy(): void {}

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }
}

/** Reads unmasked WebSocket frames, as a server writes them; control frames are left out. */
export function textsIn(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes)
  const texts: string[] = []
  for (let at = 0; at < buffer.length; ) {
    const short = buffer.readUInt8(at + 1)
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    const length =
      short < 126 ? short : short === 126 ? buffer.readUInt16BE(at + 2) : Number(buffer.readBigUInt64BE(at + 2))
    const payload = buffer.subarray(at + header, at + header + length)
    if (buffer.readUInt8(at) === 0x81) texts.push(payload.toString("utf8"))
    at += header + length
  }
  return texts
}
