/** The kinds of values that options have. */
import type { Kind, Words } from "./option.ts"

export const text: Kind<string> = {
  expects: { en: "text that is not empty", zh: "非空文本" },
  schema: { type: "string", minLength: 1 },
  parse: (input) => {
    const value = typeof input === "number" ? String(input) : input
    return typeof value === "string" && value.trim() !== "" ? value : undefined
  },
}

/** Text of one shape. */
export function matching(pattern: RegExp, expects: Words): Kind<string> {
  return {
    expects,
    schema: { type: "string", pattern: pattern.source },
    parse: (input) => {
      const value = text.parse(input)
      return value !== undefined && pattern.test(value) ? value : undefined
    },
  }
}

export function url(...schemes: readonly [string, ...string[]]): Kind<string> {
  const beginnings = schemes.map((scheme) => `${scheme}://`)
  return {
    expects: {
      en: `an address that begins with ${beginnings.join(" or ")}`,
      zh: `以 ${beginnings.join(" 或 ")} 开头的地址`,
    },
    schema: { type: "string", format: "uri", pattern: `^(${schemes.join("|")})://` },
    parse: (input) => {
      if (typeof input !== "string" || !URL.canParse(input)) return undefined
      return schemes.some((scheme) => input.startsWith(`${scheme}://`)) ? input : undefined
    },
  }
}

/** One address, or several hosts with commas between, which no URL may have; the engine reads the rest. */
export const redisUrl: Kind<string> = {
  expects: {
    en: "an address that begins with redis:// or rediss://",
    zh: "以 redis:// 或 rediss:// 开头的地址",
  },
  schema: { type: "string", pattern: "^rediss?://" },
  parse: (input) => (typeof input === "string" && /^rediss?:\/\/[^\s/?]/.test(input) ? input : undefined),
}

/** Web origins: a list, or text with commas. */
export const origins: Kind<readonly string[]> = {
  expects: {
    en: "origins such as https://chat.example, with commas between",
    zh: "形如 https://chat.example 的来源，以逗号分隔",
  },
  schema: { type: ["string", "array"], items: { type: "string", format: "uri" } },
  parse: (input) => {
    const parts = typeof input === "string" ? input.split(",").filter((part) => part.trim() !== "") : input
    if (!Array.isArray(parts)) return undefined
    const found = parts.map((part) => originOf(part))
    return found.every((origin) => origin !== undefined) ? found : undefined
  },
}

function originOf(input: unknown): string | undefined {
  if (typeof input !== "string" || !URL.canParse(input.trim())) return undefined
  const { origin } = new URL(input.trim())
  return origin === input.trim().replace(/\/$/, "") ? origin : undefined
}

const decimal = /^-?\d+(\.\d+)?$/

function toNumber(input: unknown): number {
  if (typeof input === "number") return input
  return typeof input === "string" && decimal.test(input.trim()) ? Number(input) : Number.NaN
}

/** A number from `min` to `max`, both included. */
export function number(min: number, max: number): Kind<number> {
  return {
    expects: { en: `a number from ${min} to ${max}`, zh: `${min} 到 ${max} 之间的数字` },
    schema: { type: "number", minimum: min, maximum: max },
    parse: (input) => {
      const value = toNumber(input)
      return value >= min && value <= max ? value : undefined
    },
  }
}

/** A whole number from `min` to `max`, both included. */
export function whole(min: number, max: number): Kind<number> {
  const any = number(min, max)
  return {
    expects: { en: `a whole number from ${min} to ${max}`, zh: `${min} 到 ${max} 之间的整数` },
    schema: { ...any.schema, type: "integer" },
    parse: (input) => {
      const value = any.parse(input)
      return Number.isInteger(value) ? value : undefined
    },
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...["true", "yes", "on", "1"].map((word) => [word, true] as const),
  ...["false", "no", "off", "0"].map((word) => [word, false] as const),
])

export const boolean: Kind<boolean> = {
  expects: { en: "true or false", zh: "true 或 false" },
  schema: { type: "boolean" },
  parse: (input) => booleans.get(String(input).toLowerCase()),
}

/**
 * One of a few words, whatever their case.
 * @param aliases other names for them, as other systems say.
 */
export function choice<const T extends string>(
  words: readonly T[],
  aliases: Readonly<Record<string, T>> = {},
): Kind<T> {
  const meanings = new Map<string, T>([...words.map((word) => [word, word] as const), ...Object.entries(aliases)])
  return {
    expects: { en: `one of ${words.join(", ")}`, zh: `${words.join("、")} 之一` },
    schema: { type: "string", enum: [...words, ...Object.keys(aliases)].flatMap((w) => [w, w.toUpperCase()]) },
    parse: (input) => (typeof input === "string" ? meanings.get(input.toLowerCase()) : undefined),
  }
}

const graphName = /^[^\s\p{C}]{1,128}$/u
/** A name ends before the first slash, so that a folder may have `=` in its own. */
const namedGraph = /^(?:([^=/\\]+)=)?(.+)$/

/** Agents by name: `{"support": "./agents/support.ts:graph"}`, or a list of `[name=]path:export`, also with commas. */
export const graphs: Kind<Readonly<Record<string, string>>> = {
  expects: {
    en: 'a map from a name to "path:export" (support: ./agents/support.mjs:graph), or [name=]path:export',
    zh: '从名称到 "path:export" 的映射（support: ./agents/support.mjs:graph），或 [name=]path:export',
  },
  schema: { type: "object", additionalProperties: { type: "string", minLength: 1 } },
  parse: (input) => {
    const list = typeof input === "string" ? input.split(",") : input
    const entries = Array.isArray(list) ? list.map(splitGraph) : isRecord(list) ? Object.entries(list) : [["", ""]]
    const fits = entries.every(([name, place]) => graphName.test(String(name)) && text.parse(place) !== undefined)
    const names = new Set(entries.map(([name]) => name))
    return fits && names.size === entries.length ? Object.fromEntries(entries) : undefined
  },
}

/** A graph without a name is called `agent`. */
function splitGraph(item: unknown): [name: string, place: string] {
  const [, name = "agent", place = ""] = namedGraph.exec(String(item).trim()) ?? []
  return [name, place]
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
