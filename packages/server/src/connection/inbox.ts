/**
 * What one peer has sent and nobody has looked at yet: handled one after the other, in order, bounded.
 *
 * When too much waits, the socket is not read any further, so the peer is slowed down by TCP itself and
 * nothing is dropped.
 */
import type { Socket } from "./socket.ts"

/** Frames that may wait before the peer is slowed down. */
const waitingMax = 64

export class Inbox {
  readonly #socket: Pick<Socket, "pause" | "resume">
  readonly #handle: (text: string) => Promise<void>
  #waiting: string[] | undefined
  #paused = false

  constructor(socket: Pick<Socket, "pause" | "resume">, handle: (text: string) => Promise<void>) {
    this.#socket = socket
    this.#handle = handle
  }

  push(text: string): void {
    if (!this.#waiting) {
      this.#waiting = []
      void this.#work(text)
      return
    }
    this.#waiting.push(text)
    if (this.#waiting.length < waitingMax || this.#paused) return
    this.#paused = true
    this.#socket.pause()
  }

  async #work(first: string): Promise<void> {
    await this.#handle(first)
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#handle(next)
    this.#waiting = undefined
  }

  #next(): string | undefined {
    const next = this.#waiting?.shift()
    if (this.#paused && (this.#waiting?.length ?? 0) < waitingMax / 2) {
      this.#paused = false
      this.#socket.resume()
    }
    return next
  }
}
