/**
 * A way to a server on which things go wrong: a proxy that cuts, holds and throttles, and never changes what it carries. Where
 * it leads is asked for each connection, so it stays the same when the server comes back elsewhere.
 */
import { once } from "node:events"
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net"
import { type Clock, systemClock } from "@everthread/protocol"
import type { Direction, Link } from "./deployment.ts"
import { Gate } from "./gate.ts"
import { pump } from "./pump.ts"

/** @returns the port of the server; `undefined`: nobody is there. */
export type Target = () => number | undefined

const host = "127.0.0.1"

export class FaultLink implements Link {
  readonly port: number
  readonly #target: Target
  readonly #host: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #gates: Readonly<Record<Direction, Gate>>

  private constructor(server: Server, target: Target, clock: Clock, host: string) {
    this.#host = host
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#target = target
    this.#gates = { "to-server": new Gate(clock), "to-client": new Gate(clock) }
    server.on("connection", (client) => this.#connect(client))
  }

  /** @param serverHost where the server is, if not here. */
  static async start(target: Target, clock: Clock = systemClock, serverHost: string = host): Promise<FaultLink> {
    const server = createServer({ allowHalfOpen: true })
    server.listen(0, host)
    await once(server, "listening")
    return new FaultLink(server, target, clock, serverHost)
  }

  /** Connections that are open, on the side of the clients. */
  get connections(): number {
    return this.#sockets.size / 2
  }

  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  hold(direction: Direction): void {
    this.#gates[direction].hold()
  }

  throttle(direction: Direction, bytesPerSecond: number): void {
    this.#gates[direction].throttle(bytesPerSecond)
  }

  release(): void {
    for (const gate of Object.values(this.#gates)) gate.open()
  }

  async close(): Promise<void> {
    this.cut()
    this.release()
    this.#server.close()
    await once(this.#server, "close")
  }

  #connect(client: Socket): void {
    const target = this.#target()
    if (target === undefined) return void client.resetAndDestroy()
    const server = dial({ port: target, host: this.#host, allowHalfOpen: true })
    for (const socket of [client, server]) this.#keep(socket)
    void pump(client, server, this.#gates["to-server"])
    void pump(server, client, this.#gates["to-client"])
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    // Small frames are to arrive when they were sent.
    socket.setNoDelay(true)
    socket.on("error", () => undefined)
    socket.on("close", () => this.#sockets.delete(socket))
  }
}
