/** What a server of the Redis protocol (RESP2) answers, and how it is read from bytes. */

export type Reply = string | number | null | ReplyError | readonly Reply[]

/** The server said no: `MOVED 42 127.0.0.1:7000`, `NOSCRIPT …`. Inside an array (`EXEC`) it is an element. */
export class ReplyError extends Error {
  override readonly name = "ReplyError"
}

export interface Parsed {
  readonly reply: Reply
  /** Where the next reply begins. */
  readonly next: number
}

/** @returns the reply that begins at `at`, or `undefined` while its end has not arrived. */
export function parseReply(bytes: Buffer, at = 0): Parsed | undefined {
  const end = bytes.indexOf("\r\n", at)
  if (end < 0) return undefined
  const type = bytes.toString("latin1", at, at + 1)
  const line = bytes.toString("utf8", at + 1, end)
  const next = end + 2
  if (type === "+") return { reply: line, next }
  if (type === "-") return { reply: new ReplyError(line), next }
  if (type === ":") return { reply: Number(line), next }
  if (type === "$") return parseText(bytes, next, Number(line))
  if (type === "*") return parseArray(bytes, next, Number(line))
  throw new Error(`not a reply of RESP2: ${type}${line}`)
}

function parseText(bytes: Buffer, at: number, length: number): Parsed | undefined {
  if (length < 0) return { reply: null, next: at }
  const end = at + length
  if (bytes.length < end + 2) return undefined
  return { reply: bytes.toString("utf8", at, end), next: end + 2 }
}

function parseArray(bytes: Buffer, at: number, length: number): Parsed | undefined {
  if (length < 0) return { reply: null, next: at }
  const replies: Reply[] = []
  let next = at
  while (replies.length < length) {
    const parsed = parseReply(bytes, next)
    if (!parsed) return undefined
    replies.push(parsed.reply)
    next = parsed.next
  }
  return { reply: replies, next }
}

/** @returns a command as the protocol wants it: an array of byte strings. */
export function encodeCommand(args: readonly (string | number)[]): string {
  const parts = args.map((arg) => `$${Buffer.byteLength(`${arg}`)}\r\n${arg}\r\n`)
  return `*${args.length}\r\n${parts.join("")}`
}

/** @returns the reply as `redis-cli --raw` prints it: one line for each element, nothing for nil. */
export function textOf(reply: Reply): string {
  if (reply === null) return ""
  if (reply instanceof ReplyError) return reply.message
  return typeof reply === "object" ? reply.map(textOf).join("\n") : `${reply}`
}
