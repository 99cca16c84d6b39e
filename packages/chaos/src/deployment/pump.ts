/**
 * One direction of one connection: what comes out of one socket goes into the other, in order and whole, as its gate lets it.
 * Nothing is read before what was read has been taken, so whoever sends too much is told by TCP, as on a wire.
 */
import type { Socket } from "node:net"
import type { Gate } from "./gate.ts"

/** Resolves when nothing more comes, and the other side was told so. */
export async function pump(from: Socket, to: Socket, gate: Gate): Promise<void> {
  try {
    // A socket that says no more may still listen.
    for await (const chunk of from.iterator({ destroyOnReturn: false })) await pass(chunk as Buffer, to, gate)
    await gate.opened()
    to.end()
  } catch {
    // An end without a good-bye is one here, too, and does not arrive earlier than what was said before.
    await gate.opened()
    to.destroy()
  }
}

async function pass(chunk: Buffer, to: Socket, gate: Gate): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const next = at + (await gate.grant(chunk.length - at))
    if (to.destroyed) throw new Error("nobody is there")
    if (!to.write(chunk.subarray(at, next))) await drained(to)
    at = next
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      socket.off("drain", end)
      socket.off("close", end)
      resolve()
    }
    socket.on("drain", end)
    socket.on("close", end)
  })
}
