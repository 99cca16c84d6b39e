/** When the token of one connection expires, by the wall clock; the latest that was said counts. (SPEC AUT2) */
import type { Clock, Timer } from "@everthread/protocol"

/** The longest delay that timers of the platform can count. */
const timerMsMax = 2_147_483_647

export class TokenExpiry {
  readonly #clock: Clock
  readonly #expired: () => void
  #timer: Timer | undefined

  constructor(clock: Clock, expired: () => void) {
    this.#clock = clock
    this.#expired = expired
  }

  /** @param expiresAt milliseconds since 1970; `undefined`: never. */
  set(expiresAt: number | undefined): void {
    this.stop()
    if (expiresAt === undefined) return
    const leftMs = Math.min(Math.max(expiresAt - this.#clock.now(), 0), timerMsMax)
    this.#timer = this.#clock.startTimer(leftMs, () => {
      if (expiresAt > this.#clock.now()) this.set(expiresAt)
      else this.#expired()
    })
  }

  stop(): void {
    if (this.#timer) this.#clock.stopTimer(this.#timer)
    this.#timer = undefined
  }
}
