/**
 * The socket of `ws`, which asks us before it closes because a peer broke the rules of WebSocket.
 *
 * By itself `ws` closes with a bare code of the 1000s. A peer is told in its own protocol what was wrong
 * first, and let go with a code of ours, which says whether coming back makes sense. (SPEC CON2, ERR2)
 */
import { WebSocket } from "ws"

/** What `ws` closes with by itself, and what it means to whoever sent it. RFC 6455, section 7.4.1. */
const broken: Readonly<Record<number, string>> = {
  1002: "The bytes are not a WebSocket frame as a client sends it.",
  1007: "The text is not well-formed UTF-8.",
  1008: "The message came in too many pieces.",
}
const tooLargeCode = 1009

export interface BrokenFrameEvents {
  broken(message: string): void
  tooLarge(): void
}

export class ServedWebSocket extends WebSocket {
  /** Who is told; each of its methods closes this socket. */
  events: BrokenFrameEvents | undefined

  /** Our own closes and the echo of a peer's goodbye give a reason; those of `ws` about a broken frame give none. */
  override close(code?: number, reason?: string | Buffer): void {
    if (reason === undefined && code !== undefined) this.#tell(code)
    super.close(code, reason)
  }

  #tell(code: number): void {
    const { events } = this
    this.events = undefined
    const message = broken[code]
    if (code === tooLargeCode) events?.tooLarge()
    else if (message) events?.broken(message)
  }
}
