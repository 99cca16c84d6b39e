/**
 * A node that listens and does nothing with what it hears: what it costs the server to tell one more node, without
 * what it costs the node.
 */
import { once } from "node:events"
import { connect } from "node:net"

export interface ListeningNode {
  close(): void
}

/** Resolves when the server has confirmed every channel. */
export async function startListeningNode(url: string, channels: readonly string[]): Promise<ListeningNode> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, "connect")
  socket.write(channels.map((channel) => `*2\r\n$10\r\nSSUBSCRIBE\r\n$${channel.length}\r\n${channel}\r\n`).join(""))
  let confirmed = 0
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject)
    socket.on("data", (bytes) => {
      confirmed += bytes.toString("latin1").split("ssubscribe\r\n").length - 1
      if (confirmed >= channels.length) resolve()
    })
  })
  socket.removeAllListeners("data")
  socket.resume()
  return { close: () => void socket.destroy() }
}
