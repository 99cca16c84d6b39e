/**
 * What a run shows, as the parts of one message: the shape between the log's state and the AI SDK's `UIMessage`.
 *
 * Every list of parts follows from a state alone, so it is the same on every node and on every device. Live output is the
 * difference between two such lists (`chunksBetween`).
 */
import type { Json } from "../types.ts"

export interface TextPart {
  readonly kind: "text" | "reasoning"
  readonly id: string
  readonly text: string
  readonly done: boolean
}

/** Whether a person, or a rule, lets a tool run. */
export interface Approval {
  readonly id: string
  /** What the graph says about it. */
  readonly reason?: string
  /** It needs nobody: other tools of the same message do. */
  readonly isAutomatic?: true
  readonly answer?: { readonly approved: boolean; readonly reason?: string }
}

export type ToolOutcome =
  | { readonly ok: true; readonly output: Json }
  | { readonly ok: false; readonly errorText: string }

export interface ToolPart {
  readonly kind: "tool"
  readonly id: string
  readonly name: string
  /** A question to people: no tool of the graph's. */
  readonly isQuestion: boolean
  /** The arguments as far as they are written. */
  readonly args: string
  /** The arguments, when they are complete. */
  readonly input: Json | undefined
  readonly approval?: Approval
  readonly outcome?: ToolOutcome
}

/** What the AI SDK has no part for: the block as the model finished it. */
export interface BlockPart {
  readonly kind: "block"
  readonly id: string
  readonly data: Json
}

export type Part = TextPart | ToolPart | BlockPart

/** Whether two values are the same JSON: neither their identity nor the order of their keys matters. */
export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const [own, other] = [left as Fields, right as Fields]
  const keys = Object.keys(own)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => Object.hasOwn(other, key) && sameJson(own[key], other[key]))
}

export type Fields = { readonly [key: string]: Json }

export function fieldsOf(value: Json | undefined): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {}
}
