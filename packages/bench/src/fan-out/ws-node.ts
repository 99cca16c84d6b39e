/**
 * What one writes who has `ws` and ten minutes: rooms by path, every text to everybody in the room, nothing kept.
 *
 * Arguments: `each`, which makes a text of an event for every device, or `once`, for all of them.
 */
import { once } from "node:events"
import { WebSocket, WebSocketServer } from "ws"
import { serveBench } from "../delivery/node-messages.ts"
import { roomName } from "../delivery/rooms.ts"

const [, , encoding = "each"] = process.argv
const rooms = new Map<string, Set<WebSocket>>()
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false })
server.on("connection", (socket, { url = "" }) => {
  const name = url.slice(1)
  const room = rooms.get(name) ?? new Set()
  rooms.set(name, room.add(socket))
  socket.on("message", (frame: Buffer) => {
    const { id, text } = JSON.parse(frame.toString())
    broadcast(room, { id: crypto.randomUUID(), from: name, time: Date.now(), text })
    socket.send(JSON.stringify({ ack: id }))
  })
  socket.on("close", () => room.delete(socket))
})
await once(server, "listening")
const address = server.address()
if (address === null || typeof address === "string") throw new Error("no port was given")
serveBench(address.port, async (room, at, text) => {
  broadcast(rooms.get(roomName(room)) ?? new Set(), { message: "Vq3kT9aXw2", block: 0, at, text })
})

function broadcast(room: ReadonlySet<WebSocket>, event: object): void {
  const text = JSON.stringify(event)
  for (const socket of room) {
    if (socket.readyState === WebSocket.OPEN) socket.send(encoding === "once" ? text : JSON.stringify(event))
  }
}
