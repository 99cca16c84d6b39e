/**
 * A device on the native protocol that records every frame, and waits for conditions, never for time.
 *
 * It is not the client library: it does exactly what a test tells it to, legal or not.
 */
import {
  type DownFrame,
  type DownFrameOf,
  type DownFrameType,
  type LeanFrame,
  LeanReader,
  protocolVersion,
} from "@everthread/protocol"
import { WebSocket } from "ws"
import { LocalLog } from "./local-log.ts"

export interface Hello {
  readonly user: string
  readonly device: string
  readonly token?: string
  readonly lean?: boolean
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

type Reply = DownFrameOf<"ok"> | DownFrameOf<"error">

export class NativeClient {
  /** As they were meant, lean ones written out. */
  readonly frames: DownFrame[] = []
  /** How many of them were lean, and how long all texts were as they came. */
  leanFrames = 0
  receivedChars = 0
  readonly closed: Promise<Closed>
  readonly socket: WebSocket
  readonly #reader = new LeanReader()
  readonly #logs = new Map<string, LocalLog>()
  readonly #waiting = new Set<() => void>()
  #isClosed: Closed | undefined
  #nextId = 1_000

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on("message", (data: Buffer) => this.#receive(data.toString("utf8")))
    socket.on("error", () => undefined)
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        this.#isClosed = { code, reason: reason.toString("utf8") }
        resolve(this.#isClosed)
        this.#wake()
      })
    })
  }

  static async open(
    port: number,
    options: { readonly path?: string; readonly origin?: string } = {},
  ): Promise<NativeClient> {
    const { path = "/v1", origin } = options
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
      perMessageDeflate: false,
      ...(origin ? { origin } : {}),
    })
    const client = new NativeClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve)
      socket.once("error", reject)
    })
    return client
  }

  static async connect(port: number, hello: Hello): Promise<NativeClient> {
    const client = await NativeClient.open(port)
    client.send({ type: "hello", protocol: protocolVersion, ...hello })
    await client.first("welcome")
    return client
  }

  /** @param frame an object, or text as it is. */
  send(frame: object | string): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame))
  }

  /** Sends a command under a fresh id, and waits for its reply. */
  async request(command: { readonly type: string; readonly [field: string]: unknown }): Promise<Reply> {
    const id = this.#nextId++
    this.send({ ...command, id })
    return this.reply(id)
  }

  reply(id: number): Promise<Reply> {
    return this.find(`the reply to ${id}`, (frame) =>
      (frame.type === "ok" || frame.type === "error") && frame.id === id ? frame : undefined,
    )
  }

  /** @returns what a command answers; throws where it was refused. */
  async must(command: { readonly type: string; readonly [field: string]: unknown }): Promise<Record<string, unknown>> {
    const reply = await this.request(command)
    if (reply.type === "error") throw new Error(`${command.type} was refused: ${JSON.stringify(reply.error)}`)
    return reply.result as Record<string, unknown>
  }

  /** @returns the error of a command that is refused. */
  async refusal(command: { readonly type: string; readonly [field: string]: unknown }) {
    const reply = await this.request(command)
    if (reply.type === "ok") throw new Error(`${command.type} was not refused: ${JSON.stringify(reply.result)}`)
    return reply.error
  }

  /** What this device holds of a conversation. */
  log(conversation: string): LocalLog {
    const held = this.#logs.get(conversation) ?? new LocalLog()
    this.#logs.set(conversation, held)
    return held
  }

  /** Subscribes from where this device is, and waits until it is up to date. */
  async follow(conversation: string, cursor = this.log(conversation).cursor): Promise<LocalLog> {
    const log = this.log(conversation)
    const before = log.upToDates
    await this.must({ type: "subscribe", conversation, ...(cursor === undefined ? {} : { cursor }) })
    await this.until(`${conversation} is up to date`, () => log.upToDates > before)
    return log
  }

  /** The first frame of a type, whenever it came. */
  first<T extends DownFrameType>(type: T): Promise<DownFrameOf<T>> {
    return this.find(type, (frame) => (frame.type === type ? (frame as DownFrameOf<T>) : undefined))
  }

  find<Found>(what: string, look: (frame: DownFrame) => Found | undefined): Promise<Found> {
    let seen = 0
    return this.#wait(what, () => {
      for (; seen < this.frames.length; seen++) {
        const found = look(this.frames[seen] as DownFrame)
        if (found !== undefined) return found
      }
      return undefined
    })
  }

  /** Waits until the condition holds; it is looked at after each frame. */
  async until(what: string, condition: () => boolean): Promise<void> {
    await this.#wait(what, () => condition() || undefined)
  }

  /** Goes without a goodbye. */
  cut(): void {
    this.socket.terminate()
  }

  #receive(text: string): void {
    const sent = JSON.parse(text) as DownFrame | LeanFrame
    this.receivedChars += text.length
    if (Array.isArray(sent)) this.leanFrames += 1
    const frame = this.#reader.read(sent)
    if (!frame) throw new Error(`A lean frame that means nothing: ${text}`)
    this.frames.push(frame)
    if ("conversation" in frame && frame.type !== "membership") this.log(frame.conversation).take(frame)
    this.#wake()
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look()
  }

  #wait<Found>(what: string, look: () => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        const found = look()
        if (found === undefined && !this.#isClosed) return
        this.#waiting.delete(attempt)
        if (found !== undefined) resolve(found)
        else reject(new Error(`Closed (${JSON.stringify(this.#isClosed)}) before ${what}; last: ${this.#lastFrames()}`))
      }
      this.#waiting.add(attempt)
      attempt()
    })
  }

  #lastFrames(): string {
    return JSON.stringify(this.frames.slice(-3)).slice(0, 1_000)
  }
}
