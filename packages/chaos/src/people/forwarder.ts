/** A way to a server that can be made to lead to another one, as a changed DNS name or a moved address does. */
import { once } from "node:events"
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net"

export class Forwarder {
  #target: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(target: number, server: Server) {
    this.#target = target
    this.#server = server
    server.on("connection", (client) => this.#connect(client))
  }

  static async start(target: number): Promise<Forwarder> {
    const server = createServer()
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return new Forwarder(target, server)
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** What is connected is cut off; whoever comes again gets there. */
  leadTo(target: number): void {
    this.#target = target
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.leadTo(0)
    this.#server.close()
    await once(this.#server, "close")
  }

  #connect(client: Socket): void {
    const server = dial(this.#target, "127.0.0.1")
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket)
      socket.on("error", () => undefined)
      socket.on("close", () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }
}
