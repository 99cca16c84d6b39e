/**
 * What one peer has sent and nobody has looked at yet: handled one after the other, in order, bounded.
 *
 * When too much waits, the socket is not read any further, so the peer is slowed down by TCP itself and
 * nothing is dropped.
 */
import type { Socket } from "./socket.ts"

/** Frames that may wait before the peer is slowed down. */
const waitingMax = 64

export interface InboxOwner {
  /** Handles one frame; never rejects. */
  handle(text: string): Promise<void>
}

export class Inbox {
  readonly #socket: Pick<Socket, "pause" | "resume">
  readonly #owner: InboxOwner
  #waiting: string[] | undefined
  #paused = false

  constructor(socket: Pick<Socket, "pause" | "resume">, owner: InboxOwner) {
    this.#socket = socket
    this.#owner = owner
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
    await this.#owner.handle(first)
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#owner.handle(next)
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
