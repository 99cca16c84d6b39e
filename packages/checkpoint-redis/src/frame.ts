/** Several byte strings as one: each with its length before it, as four bytes, big end first. Lua reads it as `>I4c0`. */

const lengthBytes = 4

export function frame(parts: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part as Uint8Array)
      const length = Buffer.alloc(lengthBytes)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}

/** @returns what `frame` was given, as plain bytes of their own. */
export function unframe(record: Buffer): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let at = 0; at < record.length; ) {
    const begin = at + lengthBytes
    const end = begin + record.readUInt32BE(at)
    if (end > record.length) throw new Error(`the record ends at ${record.length} and not at ${end}`)
    parts.push(new Uint8Array(record.subarray(begin, end)))
    at = end
  }
  return parts
}
