/** Cuts what a server sends into whole replies and pushes (RESP3), as bytes. */

/** @returns the whole frames, and what is left of the last one. */
export function framesIn(bytes: Buffer): { frames: Buffer[]; rest: Buffer } {
  const frames: Buffer[] = []
  let at = 0
  for (;;) {
    const end = frameEnd(bytes, at)
    if (end === undefined) return { frames, rest: bytes.subarray(at) }
    frames.push(bytes.subarray(at, end))
    at = end
  }
}

function frameEnd(bytes: Buffer, at: number): number | undefined {
  const lineEnd = bytes.indexOf("\r\n", at)
  if (lineEnd < 0) return undefined
  const type = String.fromCharCode(bytes[at] ?? 0)
  const count = Number(bytes.toString("latin1", at + 1, lineEnd))
  const next = lineEnd + 2
  if ("$=!".includes(type)) return count < 0 ? next : within(bytes, next + count + 2)
  if ("*>~".includes(type)) return childrenEnd(bytes, next, count)
  return type === "%" ? childrenEnd(bytes, next, 2 * count) : next
}

function childrenEnd(bytes: Buffer, at: number, count: number): number | undefined {
  let end: number | undefined = at
  for (let child = 0; child < count && end !== undefined; child++) end = frameEnd(bytes, end)
  return end
}

const within = (bytes: Buffer, end: number): number | undefined => (end <= bytes.length ? end : undefined)
