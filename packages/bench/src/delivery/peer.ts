/** One device on a raw WebSocket. It counts what is delivered and looks at nothing else in it. */

import { WebSocket } from "ws"
import { fail } from "./child-side.ts"
import { marker, stampChars } from "./rooms.ts"

/** What a contestant's devices say, as text frames. */
export interface Dialect {
  path(room: number): string
  /** Says who it is; resolves when that was taken. */
  greet(peer: Peer, room: number, member: number): Promise<void>
  /** What makes a room, before its members follow it, said by its first member. */
  create(peer: Peer, room: number, members: number): Promise<void>
  /** Says what it follows; resolves when it follows it. */
  enter(peer: Peer, room: number, member: number): Promise<void>
  /** @returns what the frame begins with that acknowledges it. */
  send(peer: Peer, room: number, text: string): string
  /** To be called with every frame that is no delivery. */
  other(peer: Peer, frame: string): void
}

export interface Tally {
  delivered: number
  /** When anything was heard last, in milliseconds of the monotonic clock. */
  heardAt: number
  /** From sending to delivery, of some of the deliveries, in microseconds. */
  readonly delaysUs: number[]
}

export interface Peer {
  say(frame: string): void
  /** Resolves with the next frame that begins so. */
  heard(beginning: string): Promise<string>
  /** Resolves with the next delivery. */
  delivered(): Promise<void>
  readonly number: number
}

const oneIn = 16
/** A device has an address of its own machine; with one for all of them its ports would not do for very many. */
const addresses = 8

export async function openPeer(
  url: string,
  number: number,
  dialect: Dialect,
  tally: Tally,
  nowUs: () => number,
): Promise<Peer> {
  const localAddress = `127.0.0.${1 + (number % addresses)}`
  const socket = new WebSocket(url, { perMessageDeflate: false, localAddress })
  const waiting: { beginning: string; resolve: (frame: string) => void }[] = []
  let told: (() => void)[] = []
  const peer: Peer = {
    number,
    say: (frame) => socket.send(frame),
    heard: (beginning) => new Promise((resolve) => waiting.push({ beginning, resolve })),
    delivered: () => new Promise((resolve) => told.push(resolve)),
  }
  socket.on("message", (bytes: Buffer) => {
    tally.heardAt = nowUs() / 1_000
    if (countIn(bytes, tally, nowUs)) {
      for (const tell of told) tell()
      if (told.length > 0) told = []
      return
    }
    const frame = bytes.toString("latin1")
    const at = waiting.findIndex(({ beginning }) => frame.startsWith(beginning))
    if (at >= 0) waiting.splice(at, 1)[0]?.resolve(frame)
    dialect.other(peer, frame)
  })
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject))
  socket.on("close", () => fail("a connection was closed"))
  return peer
}

/** @returns whether it delivered something. Several events of one frame are several deliveries. */
function countIn(bytes: Buffer, tally: Tally, nowUs: () => number): boolean {
  let at = bytes.indexOf(marker)
  if (at < 0) return false
  for (; at >= 0; at = bytes.indexOf(marker, at + marker.length)) {
    tally.delivered += 1
    if (tally.delivered % oneIn !== 0) continue
    const from = at + marker.length
    tally.delaysUs.push(nowUs() - Number(bytes.toString("latin1", from, from + stampChars)))
  }
  return true
}
