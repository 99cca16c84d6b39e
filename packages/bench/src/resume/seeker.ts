/** Finds texts in bytes that come in pieces, also where a piece ends in the middle of one. */

export class Seeker {
  readonly #text: Buffer
  #tail: Buffer = Buffer.alloc(0)

  constructor(text: string) {
    this.#text = Buffer.from(text)
  }

  /** @returns how often the text has come to its end in this piece. */
  countIn(piece: Buffer): number {
    const keep = this.#text.length - 1
    const seam = Buffer.concat([this.#tail, piece.subarray(0, keep)])
    const count = occurrences(seam, this.#text) + occurrences(piece, this.#text)
    const whole = piece.length >= keep ? piece : Buffer.concat([this.#tail, piece])
    this.#tail = Buffer.from(whole.subarray(Math.max(0, whole.length - keep)))
    return count
  }
}

function occurrences(bytes: Buffer, text: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) count += 1
  return count
}
