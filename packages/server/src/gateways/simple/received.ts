/**
 * How far a device that sends no acks has received each conversation.
 *
 * After something that the device can see a ping goes out that carries a number, at most one at a time. Its
 * pong can only come when everything written before it has arrived, so it confirms the places of that moment.
 * What the device cannot see is confirmed as soon as nothing before it is outstanding: there is nothing to
 * arrive. (SPEC SIM3)
 */
import type { Cursor } from "@everthread/protocol"

export class Received {
  readonly #ping: (payload: string) => void
  readonly #told: () => void
  /** Where each conversation is, as far as this connection has written or knows from before. */
  readonly #places = new Map<string, Cursor>()
  /** Written after the last ping. */
  #unpinged = new Map<string, Cursor>()
  /** Whether any of that can be seen. */
  #owesPing = false
  /** What the ping under way will confirm. */
  #underWay: ReadonlyMap<string, Cursor> | undefined
  #news = new Map<string, Cursor>()
  #mark = 0

  /**
   * @param ping sends a WebSocket ping behind everything that was written.
   * @param told called when something new is confirmed.
   */
  constructor(ping: (payload: string) => void, told: () => void) {
    this.#ping = ping
    this.#told = told
  }

  /** Where the next delivery of a conversation has to begin. */
  place(conversation: string): Cursor | undefined {
    return this.#places.get(conversation)
  }

  /** What is known from an earlier connection. */
  restore(places: ReadonlyMap<string, Cursor>): void {
    for (const [conversation, cursor] of places) this.#places.set(conversation, cursor)
  }

  /** @param isVisible whether anything was written for the device on the way there. */
  delivered(conversation: string, cursor: Cursor, isVisible: boolean): void {
    this.#places.set(conversation, cursor)
    this.#unpinged.set(conversation, cursor)
    this.#owesPing ||= isVisible
    if (!this.#underWay) this.#settle()
  }

  pong(payload: string): void {
    if (!this.#underWay || payload !== String(this.#mark)) return
    this.#confirm(this.#underWay)
    this.#underWay = undefined
    this.#settle()
  }

  /** @returns what was confirmed since this was last asked. */
  takeNews(): ReadonlyMap<string, Cursor> {
    const news = this.#news
    this.#news = new Map()
    return news
  }

  /** Nothing is under way: asks for what can be seen, and confirms what cannot. */
  #settle(): void {
    const places = this.#unpinged
    this.#unpinged = new Map()
    if (!this.#owesPing) return this.#confirm(places)
    this.#owesPing = false
    this.#underWay = places
    this.#mark++
    this.#ping(String(this.#mark))
  }

  #confirm(places: ReadonlyMap<string, Cursor>): void {
    if (places.size === 0) return
    for (const [conversation, cursor] of places) this.#news.set(conversation, cursor)
    this.#told()
  }
}
