/** Ready-made WebSocket frames, read by the parser of a real client over a real socket. */
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { WebSocket } from "ws"
import { pingFrame, textFrame } from "../../src/connection/ws-frame.ts"

const acceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

/** A server that upgrades by hand and writes these bytes. */
async function serve(bytes: readonly Uint8Array[]) {
  const { createHash } = await import("node:crypto")
  const server = createServer()
  server.on("upgrade", (request, socket) => {
    const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${acceptGuid}`).digest("base64")
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    for (const frame of bytes) socket.write(frame)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return { server, port: (server.address() as AddressInfo).port }
}

const lengths = [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 300_000]

describe("frames made by hand", () => {
  test("texts of every length of header, of any script, arrive as they are", async () => {
    const texts = [...lengths.map((length) => "x".repeat(length)), "漢字😀".repeat(30), "漢".repeat(21_845), "é\u0000"]
    const { server, port } = await serve(texts.map(textFrame))
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
    const received: string[] = []
    await new Promise<void>((resolve, reject) => {
      client.on("error", reject)
      client.on("message", (data: Buffer) => {
        received.push(data.toString("utf8"))
        if (received.length === texts.length) resolve()
      })
    })
    expect(received.map((text) => text.length)).toEqual(texts.map((text) => text.length))
    expect(received).toEqual(texts)
    client.terminate()
    server.close()
  })

  test("a ping carries its text", async () => {
    const { server, port } = await serve([pingFrame(""), pingFrame("12-Xy3 c1")])
    const client = new WebSocket(`ws://127.0.0.1:${port}`)
    const pings: string[] = []
    await new Promise<void>((resolve) => {
      client.on("ping", (data: Buffer) => {
        if (pings.push(data.toString("utf8")) === 2) resolve()
      })
    })
    expect(pings).toEqual(["", "12-Xy3 c1"])
    client.terminate()
    server.close()
  })
})
