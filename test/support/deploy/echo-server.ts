/** A plain HTTP server in a node's place, which keeps what reached it of each request. */
import { once } from "node:events"
import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"

export interface EchoServer {
  readonly port: number
  /** The headers of every request, in their order. */
  readonly requests: IncomingHttpHeaders[]
  stop(): Promise<void>
}

/** @param status what it answers everything with. */
export async function startEchoServer(status = 200): Promise<EchoServer> {
  const requests: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    requests.push(request.headers)
    response.writeHead(status).end(`${status}\n`)
  })
  server.on("upgrade", (request, socket) => {
    requests.push(request.headers)
    socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    async stop() {
      server.closeAllConnections()
      await once(server.close(), "close")
    },
  }
}
