/** Reading what a script replied, whose shape its header promises. */
import { ReplyMismatchError } from "./errors.ts"

export function arrayOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new ReplyMismatchError(`The reply has ${describe(value)} where an array was expected.`)
}

export function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value
  throw new ReplyMismatchError(
    `The reply has ${describe(value)} where a Buffer was expected; runners give every bulk string as Buffer.`,
  )
}

export const textIn = (value: unknown): string => bytesOf(value).toString()

export function numberIn(value: unknown): number {
  if (typeof value === "number") return value
  throw new ReplyMismatchError(`The reply has ${describe(value)} where a number was expected.`)
}

const describe = (value: unknown): string => (value === null || value === undefined ? "nothing" : `a ${typeof value}`)

/** Cuts `[a, b, a, b, …]` into `[[a, b], [a, b], …]`. */
export function groupsOf(size: number, flat: readonly unknown[]): (readonly unknown[])[] {
  return Array.from({ length: Math.floor(flat.length / size) }, (_, at) => flat.slice(at * size, (at + 1) * size))
}
