/**
 * The way of one device to the nodes: a plain TCP proxy that leads each connection to one of the nodes that are up, as a
 * load balancer does, and that can be cut. Bytes come in order and whole, or not at all.
 */
import { once } from "node:events"
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net"

export class Way {
  readonly #server: Server
  readonly #target: () => number | undefined
  readonly #sockets = new Set<Socket>()
  #isUp = true

  private constructor(server: Server, target: () => number | undefined) {
    this.#server = server
    this.#target = target
    server.on("connection", (client) => this.#lead(client))
  }

  /** @param target the port for one more connection; `undefined`: there is none, and it is ended. */
  static async open(target: () => number | undefined): Promise<Way> {
    const server = createServer()
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return new Way(server, target)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Every connection ends without a goodbye, and none is made until `mend`. */
  cut(): void {
    this.#isUp = false
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  mend(): void {
    this.#isUp = true
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, "close")
  }

  #lead(client: Socket): void {
    const port = this.#isUp ? this.#target() : undefined
    if (port === undefined) return void client.destroy()
    const node = dial(port, "127.0.0.1")
    this.#join(client, node)
    this.#join(node, client)
  }

  #join(socket: Socket, other: Socket): void {
    this.#sockets.add(socket)
    socket.on("error", () => undefined)
    socket.on("close", () => {
      this.#sockets.delete(socket)
      other.destroy()
    })
    socket.pipe(other)
  }
}
