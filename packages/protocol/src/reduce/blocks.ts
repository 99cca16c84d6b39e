/**
 * What one content block of an assistant's message becomes in the state.
 *
 * Pure functions of what the graph sent, which may be anything that JSON can say.
 */
import { limits } from "../limits.ts"
import type { Block, ChatMessage, Json } from "../types.ts"

export type Fields = { readonly [key: string]: Json }

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export function startBlock(content: Fields): Block {
  return { ...blankBlock(content), text: textOfContent(content) ?? "", done: false }
}

/** The finished block: its content has the last word, but what a tool has already answered stays. */
export function finishBlock(content: Fields, before: Block | undefined): Block {
  const block = { ...blankBlock(content), text: textOfContent(content) ?? before?.text ?? "", done: true }
  const plain = block.kind === "text" || block.kind === "reasoning" || block.kind === "tool_call"
  const tool = before?.tool && before.tool.status !== "called" ? before.tool : block.tool
  return { ...block, ...(tool ? { tool } : {}), ...(plain ? {} : { content: { ...content } }) }
}

function blankBlock(content: Fields): Pick<Block, "kind" | "tool"> {
  const type = stringOr(content["type"], "text")
  if (type !== "tool_call" && type !== "tool_call_chunk") return { kind: type }
  const tool = { id: stringOr(content["id"], ""), name: stringOr(content["name"], ""), status: "called" as const }
  return { kind: "tool_call", tool }
}

/** Not `String(…)`: that calls a method that the value may have a field of the same name for. */
function stringOr(value: Json | undefined, otherwise: string): string {
  return typeof value === "string" ? value : otherwise
}

/** The text that deltas add to, if the content has any: a tool call's is its arguments as JSON. */
function textOfContent(content: Fields): string | undefined {
  const { text, reasoning, args } = content
  for (const value of [text, reasoning, args]) {
    if (typeof value === "string") return value.slice(0, limits.blockCharsMax)
  }
  return args === undefined ? undefined : JSON.stringify(args).slice(0, limits.blockCharsMax)
}

/** The words of a message, whoever wrote it: an assistant's text blocks joined. */
export function textOf(message: ChatMessage): string {
  if (message.role === "user") return message.text
  return message.blocks.reduce((text, block) => (block.kind === "text" ? text + block.text : text), "")
}
