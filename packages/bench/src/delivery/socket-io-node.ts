/** A Socket.IO server with rooms on the Redis streams adapter, as its documentation sets it up. Arguments: the Redis URL. */
import { once } from "node:events"
import { createServer } from "node:http"
import { createClient } from "@redis/client"
import { createAdapter } from "@socket.io/redis-streams-adapter"
import { Server } from "socket.io"
import { serveBench } from "./node-messages.ts"
import { roomName } from "./rooms.ts"

const [, , url = ""] = process.argv
const redis = createClient({ url, RESP: 2 })
redis.on("error", console.error)
await redis.connect()
const http = createServer()
const io = new Server(http, { adapter: createAdapter(redis), transports: ["websocket"], serveClient: false })
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
