/** A connection to a node that sends exactly what it is told to, whatever a client of ours would make of it. */
import type { DownFrame, UpFrameOf } from "@everthread/protocol"
import { WebSocket } from "ws"

export type SendFrame = UpFrameOf<"send">

export interface Speaker {
  readonly user: string
  readonly device: string
  /** Where the nodes want one. */
  readonly token?: string
}

export interface RawHandlers {
  received(frame: DownFrame): void
}

export class RawConnection {
  readonly #socket: WebSocket
  readonly #waiting: SendFrame[] = []
  #isOpen = false

  /** @param url of a node. What is sent before it answers waits; what is sent after it has ended goes nowhere. */
  constructor(url: string, who: Speaker, handlers: RawHandlers) {
    this.#socket = new WebSocket(`${url}/v1`)
    // It ends with the network, and says nothing about it.
    this.#socket.on("error", () => undefined)
    this.#socket.on("open", () => this.#socket.send(JSON.stringify({ type: "hello", protocol: 1, ...who })))
    this.#socket.on("message", (bytes) => {
      const frame = JSON.parse(String(bytes)) as DownFrame
      if (frame.type === "welcome") this.#welcome()
      handlers.received(frame)
    })
  }

  send(frame: SendFrame): void {
    if (this.#isOpen) this.#socket.send(JSON.stringify(frame), () => undefined)
    else this.#waiting.push(frame)
  }

  close(): void {
    this.#socket.terminate()
  }

  #welcome(): void {
    this.#isOpen = true
    for (const frame of this.#waiting.splice(0)) this.send(frame)
  }
}
