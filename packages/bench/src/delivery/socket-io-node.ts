/**
 * A Socket.IO server with rooms, as its documentation sets it up. Arguments: the Redis URL, for the Redis streams
 * adapter; without one rooms are this process's own.
 */
import { once } from "node:events"
import { createServer } from "node:http"
import { createClient } from "@redis/client"
import { createAdapter } from "@socket.io/redis-streams-adapter"
import { Server } from "socket.io"
import { serveBench } from "./node-messages.ts"
import { roomName } from "./rooms.ts"

const [, , url] = process.argv
const adapter = url === undefined ? {} : { adapter: createAdapter(await connect(url)) }
const http = createServer()
const io = new Server(http, { ...adapter, transports: ["websocket"], serveClient: false })
io.on("connection", (socket) => {
  socket.on("join", async (room: string, ack: () => void) => {
    await socket.join(room)
    ack()
  })
  socket.on("send", (room: string, text: string, ack: (id: string) => void) => {
    if (!socket.rooms.has(room)) return
    const id = crypto.randomUUID()
    io.to(room).emit("message", { id, from: socket.id, time: Date.now(), text })
    ack(id)
  })
})
http.listen(0, "127.0.0.1")
await once(http, "listening")
const address = http.address()
if (address === null || typeof address === "string") throw new Error("no port was given")
serveBench(address.port, async (room, at, text) => {
  io.to(roomName(room)).emit("delta", { message: "Vq3kT9aXw2", block: 0, at, text })
})

async function connect(url: string) {
  const redis = createClient({ url, RESP: 2 })
  redis.on("error", console.error)
  return redis.connect()
}
