/** Servers that take a connection and are no Redis, or say nothing: an answer within the deadline, whatever they do. */
import { once } from "node:events"
import { createServer, type Server, type Socket } from "node:net"
import { startRedis } from "@everthread/stage"
import { openRedisEngine } from "../src/index.ts"

const sockets = new Set<Socket>()
let server: Server | undefined
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server?.close()
})

/** @returns the port of a server that does this with each connection. */
async function listen(serve: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined))
    serve(socket)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  return typeof address === "object" && address ? address.port : 0
}

const open = (url: string) => openRedisEngine({ url, deadlineMs: 300 })
const refusal = (code: string, text: RegExp) => ({ name: "EngineError", code, message: expect.stringMatching(text) })

test.each(["redis", "rediss"])("a server that takes a connection and says nothing (%s)", async (scheme) => {
  const port = await listen(() => undefined)
  await expect(open(`${scheme}://127.0.0.1:${port}`)).rejects.toMatchObject(
    refusal("unavailable", /cannot be reached: could not connect within 300 ms|Connection timeout/),
  )
})

test("a server that answers the greeting and nothing else", async () => {
  const port = await listen((socket) =>
    socket.once("data", () => socket.write("%2\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$5\r\nproto\r\n:3\r\n")),
  )
  await expect(open(`redis://127.0.0.1:${port}`)).rejects.toMatchObject(refusal("unknown", /no answer within 300 ms/))
})

test("a server that speaks another protocol", async () => {
  const port = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))
  await expect(open(`redis://127.0.0.1:${port}`)).rejects.toMatchObject(refusal("unavailable", /cannot be reached/))
})

test("a server that lets nobody in because it is full", async () => {
  const port = await listen((socket) => socket.end("-ERR max number of clients reached\r\n"))
  await expect(open(`redis://127.0.0.1:${port}`)).rejects.toMatchObject(refusal("unavailable", /max number of clients/))
})

test("a port where nobody listens, and a name that nobody knows", async () => {
  const port = await listen(() => undefined)
  server?.close()
  await expect(open(`redis://127.0.0.1:${port}`)).rejects.toMatchObject(
    refusal("unavailable", /ECONNREFUSED.*: start it, or/),
  )
  await expect(open("redis://nobody.invalid:6379")).rejects.toMatchObject(refusal("unavailable", /cannot be reached/))
})

test("TLS: an authority that is not trusted, plain text to a TLS port, TLS to a plain port", async () => {
  const [secure, plain] = await Promise.all([startRedis({ tls: true }), startRedis()])
  await expect(open(`rediss://127.0.0.1:${secure.port}`)).rejects.toMatchObject(refusal("unavailable", /certificate/))
  await expect(open(`redis://127.0.0.1:${secure.port}`)).rejects.toMatchObject(refusal("unavailable", /cannot be/))
  await expect(open(`rediss://127.0.0.1:${plain.port}`)).rejects.toMatchObject(refusal("unavailable", /cannot be/))
  await expect(open(`rediss://127.0.0.1:${plain.port}?ca=/nowhere`)).rejects.toMatchObject(
    refusal("unusable", /ca=\/nowhere/),
  )
  const engine = await open(`rediss://127.0.0.1:${secure.port}?insecure=1`)
  await engine.close()
  await Promise.all([secure.stop(), plain.stop()])
})

test("several hosts of which one is a server of its own, and a database where there are fewer", async () => {
  const redis = await startRedis()
  const at = `127.0.0.1:${redis.port}`
  await expect(open(`redis://${at},${at}`)).rejects.toMatchObject(refusal("unusable", /part of no cluster/))
  await expect(open(`redis://${at}/99`)).rejects.toMatchObject(refusal("unusable", /DB index/))
  await expect(open(`redis://${at}?sentinel=main`)).rejects.toMatchObject(refusal("unusable", /is no sentinel/))
  await redis.stop()
})
