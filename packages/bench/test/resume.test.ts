/** What the devices of the bench find in bytes, and what they are given to come back to. */
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as fc from "fast-check"
import { WebSocketServer } from "ws"
import { bodyOf, eventBytes } from "../src/resume/bodies.ts"
import { backAt, liveMark } from "../src/resume/our-words.ts"
import { openRaw } from "../src/resume/raw-socket.ts"
import { Seeker } from "../src/resume/seeker.ts"

test("however what comes is cut into pieces, each mark is found once", () => {
  const words = fc.array(fc.constantFrom("~~", "~", "a", "b~a", "~~~"), { maxLength: 30 })
  fc.assert(
    fc.property(words, fc.array(fc.nat(100), { maxLength: 10 }), (parts, cuts) => {
      const text = parts.join("b")
      const places = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((a, b) => a - b)
      const seeker = new Seeker("~a")
      const pieces = places.slice(1).map((to, index) => text.slice(places[index], to))
      const count = pieces.reduce((sum, piece) => sum + seeker.countIn(Buffer.from(piece)), 0)
      expect(count).toBe(text.split("~a").length - 1)
    }),
  )
})

test("events are messages of one size, and no two are the same", () => {
  const bodies = Array.from({ length: 100 }, (_, index) => bodyOf(index))
  for (const body of bodies) expect(Buffer.byteLength(body)).toBe(eventBytes)
  expect(new Set(bodies.map((body) => (JSON.parse(body) as { id: string }).id)).size).toBe(100)
})

describe("a raw socket", () => {
  test("is a WebSocket to whoever serves it, for short and for long frames", async () => {
    const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" })
    await once(sockets, "listening")
    const { port } = sockets.address() as AddressInfo
    const heard: string[] = []
    sockets.on("connection", (socket) => {
      socket.on("message", (data: Buffer) => {
        heard.push(data.toString("utf8"))
        if (heard.length === 2) socket.send(`${liveMark}}`)
      })
    })
    const seeker = new Seeker(liveMark)
    let live: () => void = () => undefined
    const isLive = new Promise<void>((resolve) => {
      live = resolve
    })
    const raw = await openRaw(port, "/v1", (bytes) => void (seeker.countIn(bytes) > 0 && live()))
    const [hello = "", subscribe = ""] = backAt("d", "long".repeat(40), "1-2")
    raw.say(hello)
    raw.say(subscribe)
    await isLive
    expect(heard).toEqual([hello, subscribe])
    raw.drop()
    sockets.close()
  })

  test("says so where it is not let in", async () => {
    const http = createServer((_, response) => response.writeHead(404).end()).listen(0, "127.0.0.1")
    http.on("upgrade", (_, socket) => socket.end("HTTP/1.1 404 Not Found\r\n\r\n"))
    await once(http, "listening")
    const { port } = http.address() as AddressInfo
    await expect(openRaw(port, "/nowhere", () => undefined)).rejects.toThrow("404")
    http.close()
  })
})
