/**
 * A message of an agent as AG-UI has it: one text, and beside it calls of tools and pieces of reasoning, each with an
 * identity of its own that can be opened, added to and closed.
 *
 * Blocks of other kinds have no place in AG-UI.
 */
import type { Block, ChatMessage, Json } from "../types.ts"
import type { AgUiEvent } from "./events.ts"
import { partId, resultId } from "./ids.ts"

export interface Part {
  readonly kind: "text" | "reasoning" | "call"
  readonly id: string
  readonly text: string
  readonly done: boolean
  /** The tool's name, and what the model calls this call. */
  readonly name: string
  readonly call: string
}

/** @returns the parts that there is something of to show, in the order in which they began. */
export function partsOf(message: ChatMessage): Part[] {
  const isOver = message.status !== "streaming"
  const whole = message.blocks.reduce((text, block) => (block.kind === "text" ? text + block.text : text), "")
  let hasText = false
  return message.blocks.flatMap((block, index): Part[] => {
    if (block.kind !== "text") return partOf(message.id, block, index, isOver)
    if (hasText || block.text === "") return []
    hasText = true
    return [{ kind: "text", id: message.id, text: whole, done: isOver, name: "", call: "" }]
  })
}

function partOf(message: string, { kind, text, done, tool }: Block, index: number, isOver: boolean): Part[] {
  const part = { id: partId(message, index), text, done: done || isOver }
  if (kind === "reasoning") return text === "" ? [] : [{ ...part, kind, name: "", call: "" }]
  if (kind !== "tool_call") return []
  const { id: call = "", name = "" } = tool ?? {}
  // A call is not shown before its name is known: the name cannot be told later.
  return name === "" && !part.done ? [] : [{ ...part, kind: "call", name, call }]
}

/** What a tool has come to. */
export interface ToolResult {
  readonly id: string
  readonly call: string
  readonly content: string
  readonly failed: boolean
}

export function resultsOf({ id, blocks }: ChatMessage): ToolResult[] {
  return blocks.flatMap(({ tool }, index) => {
    if (tool?.status !== "finished" && tool?.status !== "failed") return []
    const call = partId(id, index)
    return [{ id: resultId(id, index), call, content: contentOf(tool.output), failed: tool.status === "failed" }]
  })
}

function contentOf(output: Json = null): string {
  return typeof output === "string" ? output : JSON.stringify(output)
}

export function opened(part: Part, { id: parentMessageId, agent }: ChatMessage): AgUiEvent[] {
  switch (part.kind) {
    case "text": {
      const name = agent === undefined ? {} : { name: agent }
      return [{ type: "TEXT_MESSAGE_START", messageId: part.id, role: "assistant", ...name }]
    }
    case "reasoning":
      return [
        { type: "REASONING_START", messageId: part.id },
        { type: "REASONING_MESSAGE_START", messageId: part.id, role: "reasoning" },
      ]
    case "call": {
      const metadata = { everthread: { call: part.call } }
      return [{ type: "TOOL_CALL_START", toolCallId: part.id, toolCallName: part.name, parentMessageId, metadata }]
    }
  }
}

export function added({ kind, id }: Part, delta: string): AgUiEvent[] {
  if (delta === "") return []
  switch (kind) {
    case "text":
      return [{ type: "TEXT_MESSAGE_CONTENT", messageId: id, delta }]
    case "reasoning":
      return [{ type: "REASONING_MESSAGE_CONTENT", messageId: id, delta }]
    case "call":
      return [{ type: "TOOL_CALL_ARGS", toolCallId: id, delta }]
  }
}

export function closed({ kind, id }: Part): AgUiEvent[] {
  switch (kind) {
    case "text":
      return [{ type: "TEXT_MESSAGE_END", messageId: id }]
    case "reasoning":
      return [
        { type: "REASONING_MESSAGE_END", messageId: id },
        { type: "REASONING_END", messageId: id },
      ]
    case "call":
      return [{ type: "TOOL_CALL_END", toolCallId: id }]
  }
}
