/**
 * How far a device that sends no acks has received each conversation.
 *
 * After every delivery a ping goes out that carries a number, at most one at a time. Its pong can only
 * come when everything written before it has arrived, so it confirms the places of that moment. (SPEC SIM3)
 */
import type { Cursor } from "@everthread/protocol"

export class Received {
  readonly #ping: (payload: string) => void
  readonly #delivered = new Map<string, Cursor>()
  readonly #confirmed = new Map<string, Cursor>()
  #mark = 0
  /** The places when the ping under way was sent. */
  #underWay: ReadonlyMap<string, Cursor> | undefined

  constructor(ping: (payload: string) => void) {
    this.#ping = ping
  }

  /** What the pongs of this device have confirmed, and what is known from before. */
  get confirmed(): ReadonlyMap<string, Cursor> {
    return this.#confirmed
  }

  /** What is known from an earlier connection. */
  restore(confirmed: ReadonlyMap<string, Cursor>): void {
    for (const [conversation, cursor] of confirmed) this.#confirmed.set(conversation, cursor)
  }

  delivered(conversation: string, cursor: Cursor): void {
    this.#delivered.set(conversation, cursor)
    if (!this.#underWay) this.#send()
  }

  /** @returns whether something new is confirmed. */
  pong(payload: string): boolean {
    if (!this.#underWay || payload !== String(this.#mark)) return false
    for (const [conversation, cursor] of this.#underWay) this.#confirmed.set(conversation, cursor)
    const wasLast = [...this.#delivered].every(([conversation, cursor]) => this.#confirmed.get(conversation) === cursor)
    this.#underWay = undefined
    if (!wasLast) this.#send()
    return true
  }

  #send(): void {
    this.#mark++
    this.#underWay = new Map(this.#delivered)
    this.#ping(String(this.#mark))
  }
}
