/** Binds the port, and says in one sentence why it cannot. */
import type { Server } from "node:http"
import type { AddressInfo } from "node:net"

/** The port could not be bound. The message is for the person who started the server. */
export class ListenError extends Error {
  override readonly name = "ListenError"
}

export async function listen(server: Server, host: string, port: number): Promise<{ host: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(new ListenError(explain(error, host, port))))
    server.listen(port, host, resolve)
  })
  return { host, port: (server.address() as AddressInfo).port }
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use. Stop what listens there, or choose another one with --port.`
    case "EACCES":
      return `Port ${port} may not be opened by this user. Choose one above 1023 with --port.`
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is not an address of this machine. Choose another one with --host.`
    default:
      return `Cannot listen on ${host}:${port}: ${error.message}`
  }
}
