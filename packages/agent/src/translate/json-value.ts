/**
 * Makes any value of a graph's author fit to be stored: plain JSON of a bounded size.
 *
 * Cycles, functions, symbols and numbers JSON does not know do not break it; maps and sets become
 * objects and lists, dates their text. What does not fit is cut, and the cut says so.
 */
import type { Json } from "@everthread/protocol"
import { outputLimits } from "../options.ts"

type Fields = { [key: string]: Json }

/** What is left to spend, and the objects we are inside of. */
interface Budget {
  chars: number
  readonly inside: Set<object>
  /** What an object is to be taken for. */
  readonly open: (value: object) => object
}

const cut = "[…]"

/**
 * @param charsMax about how much JSON text the result may take up.
 * @param open says what an object is to be taken for, where that is not the object itself.
 */
export function jsonValue(
  value: unknown,
  charsMax: number = outputLimits.valueCharsMax,
  open: (value: object) => object = (own) => own,
): Json {
  return toJson(value, { chars: charsMax, inside: new Set(), open }) ?? null
}

/** The same for an object's fields; anything else becomes `{ value }`. */
export function jsonFields(value: unknown, charsMax: number = outputLimits.valueCharsMax): Fields {
  const json = jsonValue(value, charsMax)
  return typeof json === "object" && json !== null && !Array.isArray(json) ? json : { value: json }
}

function toJson(value: unknown, budget: Budget): Json | undefined {
  switch (typeof value) {
    case "string":
      return text(value, budget)
    case "number":
      budget.chars -= 8
      return Number.isFinite(value) ? value : null
    case "boolean":
      budget.chars -= 5
      return value
    case "bigint":
      return text(String(value), budget)
    case "object":
      return value === null ? null : fromObject(value, budget)
    default:
      return undefined
  }
}

function text(value: string, budget: Budget): string {
  const room = Math.max(budget.chars, 0)
  budget.chars -= value.length + 2
  return value.length <= room ? value : value.slice(0, room) + cut
}

function fromObject(value: object, budget: Budget): Json {
  if (budget.inside.has(value)) return "[circular]"
  if (budget.chars <= 0 || budget.inside.size >= outputLimits.depthMax) return cut
  budget.inside.add(value)
  try {
    return contents(budget.open(value), budget)
  } finally {
    budget.inside.delete(value)
  }
}

function contents(value: object, budget: Budget): Json {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : text(value.toISOString(), budget)
  if (value instanceof Error) return text(`${value.name}: ${value.message}`, budget)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value) || value instanceof Set) return list([...value], budget)
  if (value instanceof Map)
    return fields(
      [...value].map(([key, item]) => [nameOf(key), item]),
      budget,
    )
  return fields(Object.entries(value), budget)
}

/** A map may have anything for a key, also what cannot be made a text. */
function nameOf(key: unknown): string {
  try {
    return String(key)
  } catch {
    return "[object]"
  }
}

function list(items: readonly unknown[], budget: Budget): Json[] {
  const out: Json[] = []
  for (const item of items) {
    if (budget.chars <= 0) return [...out, cut]
    budget.chars -= 1
    out.push(toJson(item, budget) ?? null)
  }
  return out
}

function fields(entries: readonly (readonly [string, unknown])[], budget: Budget): Fields {
  const out: [string, Json][] = []
  for (const [key, item] of entries) {
    if (budget.chars <= 0) {
      out.push([cut, cut])
      break
    }
    budget.chars -= key.length + 4
    const json = toJson(item, budget)
    if (json !== undefined) out.push([key, json])
  }
  // Not by assignment: a key such as `__proto__` must stay a key.
  return Object.fromEntries(out)
}
