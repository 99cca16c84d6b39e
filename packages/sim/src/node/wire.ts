/**
 * One socket between a device and a node: the port of a server's socket on one side and of a client's on the other.
 *
 * Frames come in their order, some time later. It may be cut, of which both sides hear, or go silent, of which neither
 * does. What a paused device has not taken counts as pending, so a server holds back as it does with a real one.
 */
import type { ClientSocket, SocketHandlers } from "@everthread/client"
import type { Socket, SocketEvents } from "@everthread/server/parts"
import type { Host } from "../world/host.ts"
import { type DelayMs, Line } from "../world/line.ts"
import { readServerFrame } from "./ws-text.ts"

export interface WireSetup {
  readonly device: Host
  readonly node: Host
  readonly nowMs: () => number
  readonly handlers: SocketHandlers
  /** @returns the node's side, or `undefined` where nobody listens. */
  readonly accept: (socket: Socket) => SocketEvents | undefined
  readonly closed: (wire: Wire) => void
}

type State = "open" | "silent" | "closed"

const delayMs: DelayMs = { least: 0.5, most: 3 }
/** The code of a connection that was lost. (RFC 6455, section 7.4.1) */
const lostCode = 1006
const drainedFromBytes = 65_536

export class Wire implements Socket, ClientSocket {
  readonly #setup: WireSetup
  readonly #up: Line
  readonly #down: Line
  #state: State = "open"
  #server: SocketEvents | undefined
  #isClientGone = false
  #wasFull = false
  pendingBytes = 0
  receivedBytes = 0

  constructor(setup: WireSetup) {
    const { device, node, nowMs } = setup
    this.#setup = setup
    this.#up = new Line(node, nowMs, device.random, () => delayMs)
    this.#down = new Line(device, nowMs, device.random, () => delayMs)
    this.#up.send(() => this.#arrive())
    // Of a node that is dead nothing ever comes back.
    if (node.isDead) this.#tellClient(lostCode, "nobody listens")
  }

  #arrive(): void {
    this.#server = this.#setup.accept(this)
    if (this.#server) this.#toClient(0, () => this.#setup.handlers.opened())
    else this.#tellClient(lostCode, "nobody listens")
  }

  // What the device does.

  send(text: string): void {
    this.#toServer((server) => {
      this.receivedBytes += text.length
      server.text(text)
    })
  }

  /** By the device: it hears no more from here. By the node: what was written before still goes out. */
  close(code?: number, reason = ""): void {
    if (code !== undefined) return this.#closeByNode(code, reason)
    this.#isClientGone = true
    this.#end()
    this.#up.send(() => this.#tellServer())
  }

  // What the node does.

  write(frames: readonly Uint8Array[]): void {
    for (const bytes of frames) {
      const { type, text } = readServerFrame(bytes)
      if (type === "text") this.#toClient(bytes.length, () => this.#setup.handlers.received(text))
      else this.#toClient(bytes.length, () => this.#toServer((server) => server.pong(text, bytes.length)))
    }
  }

  #closeByNode(code: number, reason: string): void {
    this.#server = undefined
    this.#toClient(0, () => this.#tellClient(code, reason))
  }

  destroy(): void {
    this.#closeByNode(lostCode, "")
  }

  pause(): void {}
  resume(): void {}

  // What the network does.

  /** Both sides hear of it. */
  cut(): void {
    if (this.#state === "closed") return
    this.#end()
    this.#tellClient(lostCode, "cut")
    this.#setup.node.after(0, () => this.#tellServer())
  }

  /** From now on nothing arrives, and nobody is told. */
  fallSilent(): void {
    if (this.#state === "open") this.#state = "silent"
  }

  #toServer(tell: (server: SocketEvents) => void): void {
    this.#up.send(() => {
      if (this.#state === "open" && this.#server) tell(this.#server)
    })
  }

  #toClient(bytes: number, tell: () => void): void {
    this.pendingBytes += bytes
    this.#wasFull ||= this.pendingBytes >= drainedFromBytes
    this.#down.send(() => {
      if (this.#state !== "open") return
      this.#taken(bytes)
      if (!this.#isClientGone) tell()
    })
  }

  #taken(bytes: number): void {
    this.pendingBytes -= bytes
    if (this.pendingBytes > 0 || !this.#wasFull) return
    this.#wasFull = false
    this.#setup.node.after(0, () => this.#server?.drained())
  }

  #tellClient(code: number, reason: string): void {
    this.#end()
    if (this.#isClientGone) return
    this.#isClientGone = true
    this.#setup.device.after(0, () => this.#setup.handlers.closed(code, reason))
  }

  #tellServer(): void {
    const server = this.#server
    this.#server = undefined
    server?.closed()
  }

  #end(): void {
    this.#state = "closed"
    this.#setup.closed(this)
  }
}
