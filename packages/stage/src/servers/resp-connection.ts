/**
 * One plain connection to one server, for tests that talk to it behind the back of what they test.
 *
 * It follows no redirection, retries nothing and subscribes to nothing. A server that does not answer in time (a frozen
 * one) costs the connection: whatever waits on it is rejected. It keeps the process alive only while a reply is due.
 */
import { once } from "node:events"
import { connect as connectPlain, type Socket } from "node:net"
import { connect as connectTls } from "node:tls"
import { encodeCommand, parseReply, type Reply, ReplyError } from "./resp-reply.ts"

export interface RespTarget {
  readonly port: number
  readonly password?: string | undefined
  /** Of the certificate authority, as PEM text; with it the connection is encrypted. */
  readonly ca?: string | undefined
}

interface Waiting {
  resolve(reply: Reply): void
  reject(error: Error): void
}

const answerMsMax = 5_000
const host = "127.0.0.1"

export class RespConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #waiting: Waiting[] = []
  #failure: Error | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on("data", (bytes) => this.#read(bytes))
    socket.on("error", (error) => this.#fail(error))
    socket.on("close", () => this.#fail(new Error("the connection was closed")))
    socket.setTimeout(answerMsMax, () => this.#waiting.length > 0 && socket.destroy(new Error(silence)))
  }

  static async open({ port, password, ca }: RespTarget): Promise<RespConnection> {
    const socket = ca === undefined ? connectPlain({ host, port }) : connectTls({ host, port, ca })
    const connection = new RespConnection(socket)
    await once(socket, ca === undefined ? "connect" : "secureConnect")
    if (password !== undefined) await connection.send("AUTH", password)
    socket.unref()
    return connection
  }

  get isOpen(): boolean {
    return this.#failure === undefined
  }

  /** @throws ReplyError when the server refuses; another error when it does not answer. */
  send(...args: readonly (string | number)[]): Promise<Reply> {
    if (this.#failure) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#socket.ref()
      this.#socket.write(encodeCommand(args))
    })
  }

  close(): void {
    this.#socket.destroy()
    this.#fail(new Error("the connection was closed"))
  }

  #read(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes])
    let at = 0
    for (let parsed = parseReply(this.#received); parsed; parsed = parseReply(this.#received, at)) {
      at = parsed.next
      this.#answer(parsed.reply)
    }
    this.#received = this.#received.subarray(at)
    if (this.#waiting.length === 0) this.#socket.unref()
  }

  #answer(reply: Reply): void {
    const waiting = this.#waiting.shift()
    if (reply instanceof ReplyError) waiting?.reject(reply)
    else waiting?.resolve(reply)
  }

  #fail(error: Error): void {
    this.#failure ??= error
    const waiting = this.#waiting
    this.#waiting = []
    for (const { reject } of waiting) reject(this.#failure)
  }
}

const silence = `no answer within ${answerMsMax} ms`
