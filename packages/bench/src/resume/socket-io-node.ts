/**
 * Socket.IO 4.8 with connection state recovery, as its documentation sets it up: everybody who comes is in one room, and who
 * comes back within two minutes is given what was sent there meanwhile. Arguments: the Redis URL, for its Redis streams
 * adapter, or anything else, for the memory of this process. https://socket.io/docs/v4/connection-state-recovery
 */
import { once } from "node:events"
import { createServer } from "node:http"
import { setTimeout as pause } from "node:timers/promises"
import { startCursor } from "@everthread/protocol"
import { createClient } from "@redis/client"
import { createAdapter } from "@socket.io/redis-streams-adapter"
import { Server } from "socket.io"
import { bodyOf } from "./bodies.ts"
import { serveReturns } from "./node-process.ts"

const [, , place = ""] = process.argv
const room = "room"
const pollMs = 5
// Its stream is cut at so many entries, which have to hold what is missed.
const adapter = place.startsWith("redis:") ? createAdapter(await redis(), { maxLen: 20_000 }) : undefined
const http = createServer()
const io = new Server(http, {
  ...(adapter && { adapter }),
  transports: ["websocket"],
  serveClient: false,
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
})
io.on("connection", async (socket) => {
  if (socket.recovered) return
  await socket.join(room)
  // From here on it has an offset to come back with.
  socket.emit("message", JSON.parse(bodyOf(0)))
})
http.listen(0, "127.0.0.1")
await once(http, "listening")
const address = http.address()
if (address === null || typeof address === "string") throw new Error("no port was given")
let made = 0
serveReturns(address.port, async (_conversation, events) => {
  while (io.engine.clientsCount > 0) await pause(pollMs)
  for (let sent = 0; sent < events; sent++) {
    made += 1
    io.to(room).emit("message", JSON.parse(bodyOf(made)))
  }
  return { from: startCursor, head: startCursor }
})

async function redis() {
  const client = createClient({ url: place, RESP: 2 })
  client.on("error", console.error)
  await client.connect()
  return client
}
