/**
 * Stops that wait a moment. A client that resumes a chat twice, as React does with a page in development, lets go of the
 * first stream, and says so in the very words of a person who presses stop. What tells the two apart is that the chat is
 * resumed again at once; so a stream that was resumed stops its run only when that does not happen. (SPEC AIS3)
 */
import type { Clock, Timer } from "../runtime.ts"

const graceMs = 250

export class Stops {
  readonly #clock: Clock
  readonly #stop: (chat: string, run: string) => void
  readonly #waiting = new Map<string, Timer>()

  constructor(clock: Clock, stop: (chat: string, run: string) => void) {
    this.#clock = clock
    this.#stop = stop
  }

  soon(chat: string, run: string): void {
    this.forget(chat)
    const timer = this.#clock.startTimer(graceMs, () => {
      this.#waiting.delete(chat)
      this.#stop(chat, run)
    })
    this.#waiting.set(chat, timer)
  }

  /** The chat was resumed: nobody wanted to stop it. */
  forget(chat: string): void {
    const timer = this.#waiting.get(chat)
    if (timer) this.#clock.stopTimer(timer)
    this.#waiting.delete(chat)
  }
}
