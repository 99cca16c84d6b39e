/**
 * Makes one piece of several, so that a write of many frames costs what a write of one costs.
 *
 * Everybody who follows a conversation is written the same frames in the same turn, one connection after the other. So
 * what was joined last is nearly always what is asked for next: it is copied once, and all of them share it. (SPEC DLV1)
 */

/** Beyond it a copy costs more than it saves, and would be kept for nobody. */
const joinedBytesMax = 65_536

export class JoinedBytes {
  #pieces: readonly Uint8Array[] = []
  #joined = new Uint8Array()

  /**
   * @returns their bytes in order, never to be changed, because others may be sent the same; `undefined` where there
   * are too many.
   */
  of(pieces: readonly Uint8Array[]): Uint8Array | undefined {
    if (this.#wereJoined(pieces)) return this.#joined
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0)
    if (bytes > joinedBytesMax) return undefined
    this.#joined = Buffer.concat(pieces, bytes)
    this.#pieces = pieces
    return this.#joined
  }

  /** The same pieces of memory; what they hold is not compared. */
  #wereJoined(pieces: readonly Uint8Array[]): boolean {
    return pieces.length === this.#pieces.length && pieces.every((piece, index) => piece === this.#pieces[index])
  }
}
