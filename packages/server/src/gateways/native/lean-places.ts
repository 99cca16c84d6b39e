/**
 * Where each conversation's text is on one connection: what says whether a lean frame would be understood.
 *
 * It is, if the very frame before it went out on this connection and named the alias, or was a lean one itself. (SPEC FRM5)
 */
import type { Cursor } from "@everthread/protocol"
import type { LogFrame } from "../../core/log-frame.ts"

interface Place {
  readonly alias: number
  readonly cursor: Cursor
}

export class LeanPlaces {
  readonly #places = new Map<string, Place>()

  /** To be asked of each frame that goes out, in order. @returns whether it may be a lean one. */
  goesOn(conversation: string, frame: LogFrame): boolean {
    const before = this.#places.get(conversation)
    const { alias, cursor, prev, lean } = frame
    if (alias !== undefined && frame.endsInDelta) this.#places.set(conversation, { alias, cursor })
    else this.#places.delete(conversation)
    return lean !== undefined && before?.cursor === prev && before.alias === alias
  }
}
