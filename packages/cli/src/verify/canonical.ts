/** Comparing what was stored with what should have been. Pure. */
import { createHash } from "node:crypto"

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** @returns the value as JSON text that does not depend on the order in which fields were set. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, held: unknown) =>
    isFields(held) ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1))) : held,
  )
}

/** Short, whatever the value is. */
export const digestOf = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("base64url")

/** @returns where the first difference is, as a path such as `messages[3].text`, or `undefined` without one. */
export function firstDifference(left: unknown, right: unknown, path = ""): string | undefined {
  if (canonical(left) === canonical(right)) return undefined
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    const index = left.findIndex((item, at) => canonical(item) !== canonical(right[at]))
    return firstDifference(left[index], right[index], `${path}[${index}]`)
  }
  if (isFields(left) && isFields(right)) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])]
    const name = names.find((name) => canonical(left[name]) !== canonical(right[name])) ?? ""
    return firstDifference(left[name], right[name], path === "" ? name : `${path}.${name}`)
  }
  return path === "" ? "everything" : path
}
