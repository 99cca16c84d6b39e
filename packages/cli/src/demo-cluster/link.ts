/**
 * A device's way to the cluster: the node that it dials, a network that can be cut, and what comes over it.
 *
 * Frames are shown to `heard` as they come off the wire, before the client library sees them: what it would
 * mend, a gap or a repeat, is counted here.
 */
import type { ClientSocket, SocketHandlers } from "@everthread/client"
import { type DownFrame, type LeanFrame, LeanReader } from "@everthread/protocol"
import WebSocket from "ws"

/** What a browser reports where there is no network. */
const abnormalClose = 1006

export interface LinkOptions {
  readonly url: string
  heard(frame: DownFrame): void
}

export class Link {
  readonly #heard: LinkOptions["heard"]
  #url: string
  #state: "up" | "cut" = "up"
  #socket: WebSocket | undefined

  constructor({ url, heard }: LinkOptions) {
    this.#url = url
    this.#heard = heard
  }

  get isCut(): boolean {
    return this.#state === "cut"
  }

  /** Where the client says it connects to means nothing: this decides. */
  readonly sockets = (_url: string, handlers: SocketHandlers): ClientSocket =>
    this.#state === "up" ? this.#dial(handlers) : noNetwork(handlers)

  /** The socket is destroyed without a goodbye, and no other can be opened. */
  cut(): void {
    this.#state = "cut"
    this.#socket?.terminate()
  }

  /** There is a network again, and it leads to this node. */
  mend(url: string): void {
    this.#url = url
    this.#state = "up"
  }

  #dial(handlers: SocketHandlers): ClientSocket {
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    const reader = new LeanReader()
    socket.on("open", () => handlers.opened())
    socket.on("message", (data) => {
      // What still lies in a buffer when the network is cut has not arrived.
      if (socket !== this.#socket || this.#state === "cut") return
      const text = String(data)
      const frame = reader.read(JSON.parse(text) as DownFrame | LeanFrame)
      if (frame) this.#heard(frame)
      handlers.received(text)
    })
    socket.on("close", (code, reason) => handlers.closed(code, String(reason)))
    // Every error is followed by a close.
    socket.on("error", () => {})
    return socket
  }
}

function noNetwork(handlers: SocketHandlers): ClientSocket {
  queueMicrotask(() => handlers.closed(abnormalClose, "there is no network"))
  return { send() {}, close() {} }
}
