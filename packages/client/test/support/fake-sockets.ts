/** Sockets whose other end is the test. */
import type { ClientSocket, SocketFactory, SocketHandlers } from "../../src/index.ts"

/** A frame as the test reads it. */
export type Sent = { readonly type: string; readonly id?: number; readonly key?: string } & { [field: string]: unknown }

export class FakeSocket implements ClientSocket {
  readonly sent: Sent[] = []
  readonly #handlers: SocketHandlers
  closed = false

  constructor(handlers: SocketHandlers) {
    this.#handlers = handlers
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Sent)
  }

  close(): void {
    this.closed = true
  }

  open(): void {
    this.#handlers.opened()
  }

  receive(frame: object): void {
    this.#handlers.received(JSON.stringify(frame))
  }

  /** Opens it and answers the hello. */
  welcome(over: object = {}): void {
    this.open()
    this.receive({ ...welcomeFrame, ...over })
  }

  /** The server, or the network, closes it. */
  end(code: number, reason = ""): void {
    this.#handlers.closed(code, reason)
  }

  ofType(type: string): Sent[] {
    return this.sent.filter((frame) => frame.type === type)
  }

  last(type: string): Sent {
    const frame = this.ofType(type).at(-1)
    if (!frame) throw new Error(`no ${type} was sent, only ${this.sent.map((sent) => sent.type).join(", ")}`)
    return frame
  }

  /** Answers the newest request of a type. */
  answer(type: string, result: object): void {
    this.receive({ type: "ok", id: this.last(type).id, result })
  }

  refuse(type: string, error: object): void {
    this.receive({ type: "error", id: this.last(type).id, error })
  }
}

export const welcomeFrame = {
  type: "welcome",
  protocol: 1,
  user: "ada",
  device: "laptop",
  node: "n1",
  connection: "c1",
  heartbeatMs: 10_000,
  agents: ["helper"],
  limits: { frameBytesMax: 1_048_576, textCharsMax: 10_000 },
}

export class FakeSockets {
  readonly all: FakeSocket[] = []

  readonly factory: SocketFactory = (_url, handlers) => {
    const socket = new FakeSocket(handlers)
    this.all.push(socket)
    return socket
  }

  get newest(): FakeSocket {
    const socket = this.all.at(-1)
    if (!socket) throw new Error("no socket was opened")
    return socket
  }
}
