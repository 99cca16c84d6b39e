/**
 * The newest frames of one conversation on this node, so that a device that missed little is served
 * without asking the store, and so that replay meets what is live. (SPEC SUB4)
 *
 * Bounded by the characters it holds: the oldest frames go first. It never has a gap: whoever pushes
 * checks the chain first.
 */
import { type Cursor, seqOf } from "@everthread/protocol"
import type { LogFrame } from "./log-frame.ts"

/** Where a reader stands against the ring. */
export type Meeting =
  /** The ring continues it: these frames bring it to the head. */
  | { readonly kind: "joined"; readonly frames: readonly LogFrame[] }
  /** It is older than the ring: read the store on. */
  | { readonly kind: "behind" }
  /** It has read something that this node has not been told of yet. */
  | { readonly kind: "ahead" }
  /** Its seq is within the ring but its cursor is not: the middle of a frame, or another history. The store decides. */
  | { readonly kind: "unknown" }

export class Ring {
  #head: Cursor
  #frames: LogFrame[] = []
  #chars = 0
  readonly #charsMax: number

  constructor(head: Cursor, charsMax: number) {
    this.#head = head
    this.#charsMax = charsMax
  }

  get head(): Cursor {
    return this.#head
  }

  get newest(): LogFrame | undefined {
    return this.#frames.at(-1)
  }

  /** @param frame must follow the head. */
  push(frame: LogFrame): void {
    this.#frames.push(frame)
    this.#chars += frame.bodyChars
    this.#head = frame.cursor
    while (this.#chars > this.#charsMax && this.#frames.length > 1) {
      this.#chars -= (this.#frames.shift() as LogFrame).bodyChars
    }
  }

  /** Forgets every frame: whoever is not at the head asks the store. */
  clear(): void {
    this.#frames = []
    this.#chars = 0
  }

  /** Joins a reader at `cursor` to what is live, without a gap and without a repeat. */
  meet(cursor: Cursor): Meeting {
    if (cursor === this.#head) return { kind: "joined", frames: [] }
    const seq = seqOf(cursor)
    if (seq > seqOf(this.#head)) return { kind: "ahead" }
    const oldest = this.#frames[0]
    if (!oldest || seq < seqOf(oldest.prev)) return { kind: "behind" }
    const from = this.#frames.findIndex((frame) => frame.prev === cursor)
    return from < 0 ? { kind: "unknown" } : { kind: "joined", frames: this.#frames.slice(from) }
  }
}
