/** A program that speaks the AI SDK's frames itself: for what its client would never send. */
import { WebSocket } from "ws"

export interface DownFrame {
  readonly type: "start" | "chunk" | "end" | "error" | "no-active"
  readonly requestId: string
  readonly sequence?: number
  readonly chunk?: { readonly type: string; readonly [field: string]: unknown }
  readonly errorText?: string
  readonly code?: string
  readonly field?: string
}

export interface RawOptions {
  readonly port: number
  readonly query?: string
  readonly protocols?: readonly string[]
}

export class RawChat {
  readonly frames: DownFrame[] = []
  closeCode: number | undefined
  readonly #socket: WebSocket
  readonly #looks = new Set<() => void>()

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on("message", (data) => {
      this.frames.push(JSON.parse(String(data)) as DownFrame)
      this.#look()
    })
    socket.on("close", (code) => {
      this.closeCode = code
      this.#look()
    })
  }

  static open({ port, query = "?user=ada", protocols = [] }: RawOptions): Promise<RawChat> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/compat/ai-sdk/ws${query}`, [...protocols])
    return new Promise((resolve, reject) => {
      const opened: RawChat = new RawChat(socket)
      socket.on("open", () => resolve(opened))
      socket.on("error", reject)
    })
  }

  send(frame: object | string): void {
    this.#socket.send(typeof frame === "string" ? frame : JSON.stringify(frame))
  }

  /** Says something, as the client's frame has it. */
  say(chat: string, requestId: string, message: object, more: object = {}): void {
    const about = { requestId, id: chat, headers: {}, body: {}, trigger: "submit-message" }
    this.send({ type: "send", ...about, messages: [message], ...more })
  }

  /** The first frame of this request, from now on or before, that fits. */
  async heard(requestId: string, fits: (frame: DownFrame) => boolean = () => true): Promise<DownFrame> {
    const find = () => this.frames.find((frame) => frame.requestId === requestId && fits(frame))
    await this.until(() => find() !== undefined)
    return find() as DownFrame
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return
        this.#looks.delete(look)
        resolve()
      }
      this.#looks.add(look)
      look()
    })
  }

  close(): void {
    this.#socket.terminate()
  }

  #look(): void {
    for (const look of [...this.#looks]) look()
  }
}

export const words = (id: string, text: string) => ({ id, role: "user", parts: [{ type: "text", text }] })
