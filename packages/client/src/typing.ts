/**
 * Typing, in both directions. It is ephemeral: a frame may be lost, so "on" is repeated while it lasts,
 * and whoever is not heard of again is shown for a while only.
 */
import type { By, Clock, Timer } from "@everthread/protocol"
import { clientLimits } from "./limits.ts"
import { PeerSet } from "./peers.ts"

/** This device's own typing: at most one frame per `typingRepeatMs`, and an end even if nobody says so. */
export class OwnTyping {
  readonly #clock: Clock
  readonly #send: (on: boolean) => void
  #sentAt: number | undefined
  #timer: Timer | undefined

  constructor(clock: Clock, send: (on: boolean) => void) {
    this.#clock = clock
    this.#send = send
  }

  set(on: boolean): void {
    this.#stopTimer()
    if (on) this.#on()
    else this.#off()
  }

  /** The connection is gone, and with it what was sent over it. */
  lost(): void {
    this.#stopTimer()
    this.#sentAt = undefined
  }

  #on(): void {
    const now = this.#clock.monotonic()
    if (this.#sentAt === undefined || now - this.#sentAt >= clientLimits.typingRepeatMs) {
      this.#sentAt = now
      this.#send(true)
    }
    this.#timer = this.#clock.startTimer(clientLimits.typingOffAfterMs, () => this.#off())
  }

  #off(): void {
    if (this.#sentAt === undefined) return
    this.#sentAt = undefined
    this.#send(false)
  }

  #stopTimer(): void {
    if (this.#timer) this.#clock.stopTimer(this.#timer)
    this.#timer = undefined
  }
}

/** Who else is typing. */
export class PeerTyping {
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #peers = new PeerSet()
  readonly #timers = new Map<string, Timer>()

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  get list(): readonly By[] {
    return this.#peers.list
  }

  set(by: By, on: boolean): void {
    const key = JSON.stringify([by.user, by.device])
    const timer = this.#timers.get(key)
    if (timer) this.#clock.stopTimer(timer)
    if (on)
      this.#timers.set(
        key,
        this.#clock.startTimer(clientLimits.typingShownMs, () => this.set(by, false)),
      )
    else this.#timers.delete(key)
    if (this.#peers.set(by, on)) this.#changed()
  }

  clear(): void {
    for (const by of this.list) this.set(by, false)
  }
}
