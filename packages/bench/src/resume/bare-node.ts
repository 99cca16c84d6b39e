/**
 * What it could be at all: whoever says anything gets the bytes of a thousand events that lie ready, and the words that it is
 * up to date. Nothing is stored, nobody is asked who they are. On the same library for WebSockets.
 */
import { once } from "node:events"
import { createServer } from "node:http"
import type { Duplex } from "node:stream"
import { startCursor } from "@everthread/protocol"
import { WebSocketServer } from "ws"
import { bodyOf } from "./bodies.ts"
import { serveReturns } from "./node-process.ts"
import { liveMark } from "./our-words.ts"

/** As many as one page of a log has. */
const pageEvents = 512
let pages: Buffer[] = []
const http = createServer()
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
http.on("upgrade", (request, network: Duplex, head) => {
  sockets.handleUpgrade(request, network, head, (socket) => {
    // It says hello, and what it follows.
    let said = 0
    socket.on("message", (data: Buffer) => {
      JSON.parse(data.toString("utf8"))
      said += 1
      if (said === 2) for (const page of pages) network.write(page)
    })
  })
})
http.listen(0, "127.0.0.1")
await once(http, "listening")
const address = http.address()
if (address === null || typeof address === "string") throw new Error("no port was given")
serveReturns(address.port, async (_conversation, events) => {
  const texts = Array.from({ length: events }, (_, index) => `{"seq":${index},${bodyOf(index).slice(1)}`)
  const count = Math.ceil(events / pageEvents)
  const page = (index: number) => `[${texts.slice(index * pageEvents, (index + 1) * pageEvents).join(",")}]`
  pages = [...Array.from({ length: count }, (_, index) => frameOf(page(index))), frameOf(`${liveMark}}`)]
  return { from: startCursor, head: startCursor }
})

function frameOf(text: string): Buffer {
  const payload = Buffer.from(text)
  const header = payload.length < 126 ? Buffer.from([0x81, payload.length]) : Buffer.alloc(10)
  if (header.length === 10) {
    header.set([0x81, 127])
    header.writeBigUInt64BE(BigInt(payload.length), 2)
  }
  return Buffer.concat([header, payload])
}
