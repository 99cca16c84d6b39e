/**
 * A real WebSocket as the server's `Socket`: `ws` reads frames and says goodbye, and frames that are
 * ready-made go straight to the network socket.
 *
 * Writing past `ws` is safe because compression is off, so `ws` itself writes each of its frames at once
 * and whole, and because nothing is written here after the goodbye.
 */

import type { Socket as NetSocket } from "node:net"
import type { Duplex } from "node:stream"
import type { Socket, SocketEvents } from "../connection/socket.ts"
import { JoinedBytes } from "./joined-bytes.ts"
import type { ServedWebSocket } from "./served-web-socket.ts"

/** How long a peer may take to answer the goodbye. */
const closeTimeoutMs = 5_000
/** A masked frame's header with a short payload: two bytes and the mask. */
const controlHeaderBytes = 6
/** One for all sockets: it is the sockets of one conversation that are written the same. */
const joined = new JoinedBytes()

export class WsSocket implements Socket {
  readonly #webSocket: ServedWebSocket
  readonly #network: Duplex

  constructor(webSocket: ServedWebSocket, network: Duplex) {
    this.#webSocket = webSocket
    this.#network = network
  }

  /** Tells `events` what happens, from now on. */
  attach(events: SocketEvents): void {
    const webSocket = this.#webSocket
    webSocket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) events.binary()
      else events.text(data.toString("utf8"))
    })
    webSocket.on("ping", (data: Buffer) => events.ping(data.length + controlHeaderBytes))
    webSocket.on("pong", (data: Buffer) => events.pong(data.toString("latin1"), data.length + controlHeaderBytes))
    webSocket.on("close", () => events.closed())
    webSocket.events = events
    // What was wrong has been said by then; a connection that breaks is not our error.
    webSocket.on("error", () => undefined)
    this.#network.on("drain", () => events.drained())
  }

  get pendingBytes(): number {
    return this.#network.writableLength
  }

  get receivedBytes(): number {
    return (this.#network as Partial<NetSocket>).bytesRead ?? 0
  }

  write(frames: readonly Uint8Array[]): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return
    const network = this.#network
    const one = frames.length === 1 ? frames[0] : joined.of(frames)
    if (one) return void network.write(one)
    network.cork()
    for (const frame of frames) network.write(frame)
    network.uncork()
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason)
    setTimeout(() => this.#webSocket.terminate(), closeTimeoutMs).unref()
  }

  destroy(): void {
    this.#webSocket.terminate()
  }

  // Not the network's own: `ws` starts it again by itself whenever its parser has caught up.
  pause(): void {
    this.#webSocket.pause()
  }

  resume(): void {
    this.#webSocket.resume()
  }
}
