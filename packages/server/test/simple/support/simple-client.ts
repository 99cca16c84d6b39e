/**
 * A client of the simple protocol as people have written it: a plain WebSocket and JSON. It reads frames in their
 * order and waits for them, never for time.
 */
import { type ClientOptions, WebSocket } from "ws"

export interface Frame {
  readonly type: string
  readonly [field: string]: unknown
}

/** How to connect, where it matters. */
export interface Opening extends ClientOptions {
  /** Whether pings are answered by themselves. */
  readonly pongs?: boolean
}

type Match = string | ((frame: Frame) => boolean)

export class SimpleClient {
  /** Everything that came, in its order. */
  readonly frames: Frame[] = []
  /** Payloads of pings that were not answered, oldest first. */
  readonly pings: Buffer[] = []
  readonly closed: Promise<number>
  readonly socket: WebSocket
  #read = 0
  #code: number | undefined
  #wake: () => void = () => undefined

  private constructor(url: string, { pongs = true, ...more }: Opening) {
    this.socket = new WebSocket(url, { perMessageDeflate: false, autoPong: pongs, ...more })
    this.socket.on("message", (data) => this.#news(() => this.frames.push(JSON.parse(String(data)) as Frame)))
    this.socket.on("ping", (payload: Buffer) => this.#news(() => pongs || this.pings.push(payload)))
    this.socket.on("error", () => undefined)
    this.closed = new Promise((resolve) => {
      this.socket.on("close", (code) => {
        this.#news(() => {
          this.#code = code
        })
        resolve(code)
      })
    })
  }

  static async open(url: string, opening: Opening = {}): Promise<SimpleClient> {
    const client = new SimpleClient(url, opening)
    await new Promise<void>((resolve, reject) => {
      client.socket.once("open", resolve)
      client.socket.once("error", reject)
    })
    return client
  }

  /** Text as it is, or a frame, which gets the time that every frame needs. */
  send(frame: object | string): void {
    const timestamp = new Date().toISOString()
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify({ timestamp, ...frame }))
  }

  /** Says who it is. @returns the answer. */
  async hello(user: string, device: string, more: object = {}): Promise<Frame> {
    this.send({ user_id: user, device_id: device, ...more })
    return this.next()
  }

  async command(command: string, more: object = {}): Promise<Frame> {
    this.send({ type: "command", command, ...more })
    return this.next((frame) => frame.type === "error" || (frame.type === "system" && frame["command"] === command))
  }

  /** @returns the answer to a text under a name: its ack or an error. */
  async text(content: string, id: string, more: object = {}): Promise<Frame> {
    this.send({ type: "text", content, message_id: id, ...more })
    return this.next((frame) => frame["message_id"] === id && (frame.type === "ack" || frame.type === "error"))
  }

  /** The next frame that has not been read yet and fits; those before it count as read. */
  async next(match: Match = () => true): Promise<Frame> {
    const fits = typeof match === "string" ? (frame: Frame) => frame.type === match : match
    for (;;) {
      while (this.#read < this.frames.length) {
        const frame = this.frames[this.#read++]
        if (frame && fits(frame)) return frame
      }
      await this.#change(`a frame that fits ${match}`)
    }
  }

  /** Everything that came up to the next frame that fits, without it. */
  async upTo(match: Match): Promise<Frame[]> {
    const from = this.#read
    await this.next(match)
    return this.frames.slice(from, this.#read - 1)
  }

  /** Everything that the server had to say by now: it answers in order. */
  async settled(): Promise<Frame[]> {
    this.send({ type: "heartbeat" })
    return this.upTo("heartbeat")
  }

  async ping(): Promise<Buffer> {
    for (;;) {
      const ping = this.pings.shift()
      if (ping) return ping
      await this.#change("a ping")
    }
  }

  /** Answers everything that the server has asked by now, and waits until it has heard that. */
  async pong(): Promise<void> {
    this.socket.pong(await this.ping())
    await this.settled()
  }

  /** Goes, and waits until the server's goodbye is here. */
  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }

  #change(what: string): Promise<void> {
    if (this.#code !== undefined) throw new Error(`closed with ${this.#code} before ${what}`)
    return new Promise((resolve) => {
      const before = this.#wake
      this.#wake = () => {
        before()
        resolve()
      }
    })
  }

  #news(apply: () => void): void {
    apply()
    const wake = this.#wake
    this.#wake = () => undefined
    wake()
  }
}

export const texts = (frames: readonly Frame[]): Frame[] => frames.filter(({ type }) => type === "text")
export const contents = (frames: readonly Frame[]): unknown[] => texts(frames).map((frame) => frame["content"])
