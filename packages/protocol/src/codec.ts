/**
 * Reading a text frame safely: the first thing that happens to what a peer sends.
 *
 * It says whether the text is one JSON object that is not nested too deep, nothing about its fields.
 * Depth is looked at before the parser runs, so whatever walks the value afterwards (schemas,
 * `JSON.stringify`) may recurse. A key `__proto__` becomes an ordinary own property of the value, and
 * the schemas drop it: nothing here or there assigns by key.
 */
import { type WireError, wireError } from "./errors.ts"
import { limits } from "./limits.ts"

/** A JSON object whose fields nobody has looked at. */
export type RawFrame = { readonly [key: string]: unknown }

export type ParsedFrame =
  | { readonly ok: true; readonly value: RawFrame }
  | { readonly ok: false; readonly error: WireError }

/**
 * Parses one text frame. Never throws.
 *
 * @returns the object, or the error `bad_frame`, which says what is wrong with the text.
 */
export function parseFrame(text: string): ParsedFrame {
  if (isDeeperThan(text, limits.frameDepthMax)) {
    const message = `The frame nests objects and arrays more than ${limits.frameDepthMax} deep.`
    return { ok: false, error: wireError("bad_frame", { message, limit: limits.frameDepthMax }) }
  }
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return { ok: true, value }
  } catch {
    return { ok: false, error: wireError("bad_frame", { message: "The frame is not JSON." }) }
  }
  return { ok: false, error: wireError("bad_frame", { message: "The frame is JSON, but not an object." }) }
}

function isObject(value: unknown): value is RawFrame {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

const quote = 0x22
const backslash = 0x5c

/** Whether brackets outside strings nest deeper than `depthMax`. For text that is not JSON the answer is of no use. */
function isDeeperThan(text: string, depthMax: number): boolean {
  // Nothing this short can be too deep: the usual frame is not scanned at all.
  if (text.length <= depthMax) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === quote) at = endOfString(text, at)
    else if (opens(char) && ++depth > depthMax) return true
    else if (closes(char)) depth--
  }
  return false
}

/** `[` and `{` differ in one bit, as do `]` and `}`. */
const opens = (char: number) => (char | 0x20) === 0x7b
const closes = (char: number) => (char | 0x20) === 0x7d

/** @returns where the string that starts at `start` has its closing quote; the text's end if it has none. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length) {
    const char = text.charCodeAt(at)
    if (char === quote) return at
    at += char === backslash ? 2 : 1
  }
  return at
}
