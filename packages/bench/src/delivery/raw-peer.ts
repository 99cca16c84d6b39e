/** A device that has connected and counts the bytes it gets: every frame of the writer in C is equally long. */
import { once } from "node:events"
import { connect } from "node:net"
import type { Peer, Tally } from "./peer.ts"

export async function openRawPeer(port: number, number: number, frameBytes: number, tally: Tally): Promise<Peer> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true })
  await once(socket, "connect")
  let bytes = 0
  socket.on("data", (chunk: Buffer) => {
    const before = Math.floor(bytes / frameBytes)
    bytes += chunk.length
    tally.delivered += Math.floor(bytes / frameBytes) - before
  })
  const never = new Promise<never>(() => undefined)
  return { number, say: () => undefined, heard: () => never, delivered: () => never }
}
