/**
 * The least that a node can do with these libraries: a message is appended with one `XADD` and published, and whoever hears
 * it writes a frame that is ready-made to each socket of the room. Arguments: the Redis URL.
 *
 * Nothing is checked, counted, bounded or kept in order, and nobody can come back. What it costs is what Node, `ws`,
 * node-redis and the writes cost, so nobody who promises something is cheaper.
 */
import { once } from "node:events"
import { createServer } from "node:http"
import type { Socket } from "node:net"
import { createClient } from "@redis/client"
import { WebSocketServer } from "ws"
import { BareRooms } from "./bare-rooms.ts"
import { serveBench } from "./node-messages.ts"
import { roomName } from "./rooms.ts"

type Asked = { readonly id: number; readonly room: string; readonly text?: string }

const [, , url = ""] = process.argv
const channel = "rooms"
// Its own limit on each command would double the cost of one.
const redis = createClient({ url, commandOptions: { timeout: 0 } })
const subscriber = redis.duplicate()
for (const client of [redis, subscriber]) await client.on("error", console.error).connect()
const rooms = new BareRooms()
await subscriber.subscribe(channel, (published) => {
  const nameEnd = published.indexOf("\n")
  rooms.tell(published.slice(0, nameEnd), published.slice(nameEnd + 1))
})

/** Stored and published in one write. */
function append(room: string, event: string): Promise<unknown> {
  const stored = redis.sendCommand(["XADD", room, "*", "b", event])
  void redis.sendCommand(["PUBLISH", channel, `${room}\n${event}`])
  return stored
}

const http = createServer()
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
sockets.on("connection", (webSocket, { socket }) => {
  webSocket.on("message", (bytes: Buffer) => void answer(socket, JSON.parse(bytes.toString())))
})

async function answer(socket: Socket, { id, room, text }: Asked): Promise<void> {
  if (text === undefined) rooms.enter(room, socket)
  const stored = text === undefined ? "" : await append(room, JSON.stringify({ room, text }))
  rooms.write(socket, `{"ok":${id},"stored":"${stored}"}`)
}

http.listen(0, "127.0.0.1")
await once(http, "listening")
const address = http.address()
if (address === null || typeof address === "string") throw new Error("no port was given")
serveBench(address.port, async (room, at, text) => {
  await append(roomName(room), JSON.stringify({ room: roomName(room), at, text }))
})
