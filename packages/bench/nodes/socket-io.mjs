/**
 * A Socket.IO server as its documentation sets it up for messages that should not be lost: rooms on the Redis streams
 * adapter, connection state recovery, and a key for each message that is kept, so that one sent again is not told again.
 *
 * https://socket.io/docs/v4/connection-state-recovery and https://socket.io/docs/v4/tutorial/step-8, whose database
 * column of keys is a Redis key here. Arguments: the Redis URL.
 */
import { once } from "node:events"
import { createServer } from "node:http"
import { createClient } from "@redis/client"
import { createAdapter } from "@socket.io/redis-streams-adapter"
import { Server } from "socket.io"

const recoverableMs = 120_000
const keyTtlSeconds = 3_600

const redis = createClient({ url: process.argv[2], RESP: 2 })
redis.on("error", console.error)
await redis.connect()
const http = createServer()
const io = new Server(http, {
  adapter: createAdapter(redis),
  transports: ["websocket"],
  serveClient: false,
  pingInterval: 1_000,
  pingTimeout: 2_000,
  connectionStateRecovery: { maxDisconnectionDuration: recoverableMs, skipMiddlewares: true },
})
io.on("connection", (socket) => {
  const { room } = socket.handshake.auth
  if (!socket.recovered) socket.join(room)
  socket.on("say", async (key, text, acknowledge) => {
    const isNew = await redis.set(`said:${key}`, "1", { NX: true, EX: keyTtlSeconds })
    if (isNew !== null) io.to(room).emit("message", text)
    acknowledge()
  })
})
http.listen(0, "127.0.0.1")
await once(http, "listening")
console.log(`serving on ${http.address().port}`)
