/**
 * A conversation as the state of a graph: LangChain's messages in their plain shape.
 *
 * A person's message that came through this gateway has the id that its client gave it, for everybody.
 */
import { ClientIds } from "../client-ids.ts"
import type { Block, ChatMessage, ConversationState, Json } from "../types.ts"

const ids = new ClientIds("lg:")

type Plain = { readonly [field: string]: Json }

/** @returns the idempotency key of a message that its client calls by this id. */
export function keyOf(clientId: string): string {
  return ids.keyOf(clientId)
}

/** @returns the ids that clients know messages by, where they differ from those of the log. */
export function clientIds({ messages }: Pick<ConversationState, "messages">): ReadonlyMap<string, string> {
  return ids.in(messages)
}

export interface Values {
  readonly [channel: string]: Json
  readonly messages: Json[]
}

/** @returns the state of the graph that people see: every message that is held, oldest first. */
export function valuesOf(state: Pick<ConversationState, "messages">): Values {
  const named = clientIds(state)
  const shown = state.messages.filter(({ redacted }) => !redacted)
  return { messages: shown.flatMap((message) => plainMessages(message, named.get(message.id) ?? message.id)) }
}

/** A message, and behind an assistant's the results of its tools. */
function plainMessages(message: ChatMessage, id: string): Plain[] {
  if (message.role === "assistant") return [assistant(message, id), ...toolResults(message)]
  const about = message.by ? { additional_kwargs: { user: message.by.user } } : {}
  return [{ type: "human", id, content: message.text, ...about }]
}

function assistant({ blocks, agent, ns }: ChatMessage, id: string): Plain {
  const calls = blocks.filter(({ tool }) => tool)
  return {
    type: "ai",
    id,
    content: blocks.map(contentOf),
    ...(calls.length > 0 ? { tool_calls: calls.map(toolCall) } : {}),
    additional_kwargs: { namespace: ns ?? [], ...(agent === undefined ? {} : { agent }) },
    response_metadata: { output_version: "v1" },
  }
}

/** A block as LangChain's content block. */
export function contentOf(block: Block): Plain {
  switch (block.kind) {
    case "text":
      return { type: "text", text: block.text }
    case "reasoning":
      return { type: "reasoning", reasoning: block.text }
    case "tool_call":
      return toolCall(block)
    default:
      return { type: block.kind, ...block.content }
  }
}

function toolCall({ text, tool }: Block): Plain {
  return { type: "tool_call", id: tool?.id ?? "", name: tool?.name ?? "", args: argsOf(text) }
}

/** Arguments that are not finished, or are none, are shown as no arguments. */
function argsOf(text: string): Json {
  try {
    const args = JSON.parse(text) as Json
    return typeof args === "object" && args !== null && !Array.isArray(args) ? args : {}
  } catch {
    return {}
  }
}

function toolResults({ id, blocks }: ChatMessage): Plain[] {
  return blocks.flatMap(({ tool }) => {
    if (tool?.status !== "finished" && tool?.status !== "failed") return []
    const { output = null, name } = tool
    const content = typeof output === "string" ? output : JSON.stringify(output)
    const status = tool.status === "failed" ? "error" : "success"
    return [{ type: "tool", id: `${id}-tool-${tool.id}`, tool_call_id: tool.id, name, content, status }]
  })
}
