/**
 * When one peer was last heard of, and whether it has begun a message that it does not end.
 *
 * Bytes that arrived and that no finished frame accounts for belong to one under way. The count may be
 * off by what arrived together with the end of the frame before; then silence catches it instead.
 */
import type { Clock } from "@everthread/protocol"
import type { Socket } from "./socket.ts"

export class Liveness {
  readonly #socket: Pick<Socket, "receivedBytes">
  readonly #clock: Clock
  #heardAt: number
  #accountedBytes: number
  /** When bytes without a frame were first seen; 0: there are none. */
  #assemblingSince = 0

  constructor(socket: Pick<Socket, "receivedBytes">, clock: Clock) {
    this.#socket = socket
    this.#clock = clock
    this.#heardAt = clock.monotonic()
    this.#accountedBytes = socket.receivedBytes
  }

  heardMessage(): void {
    this.#heardAt = this.#clock.monotonic()
    this.#accountedBytes = this.#socket.receivedBytes
    this.#assemblingSince = 0
  }

  /** A ping or a pong may arrive in the middle of a message, so it accounts for its own bytes only. */
  heardControl(bytes: number): void {
    this.#heardAt = this.#clock.monotonic()
    this.#accountedBytes += bytes
  }

  silentMs(): number {
    return this.#clock.monotonic() - this.#heardAt
  }

  /** To be asked regularly. @returns for how long a message has been under way. */
  assemblingMs(): number {
    const now = this.#clock.monotonic()
    if (this.#socket.receivedBytes <= this.#accountedBytes) this.#assemblingSince = 0
    else if (this.#assemblingSince === 0) this.#assemblingSince = now
    return this.#assemblingSince === 0 ? 0 : now - this.#assemblingSince
  }
}
