/** A conversation as the list of AG-UI's messages: what a `MESSAGES_SNAPSHOT` carries. */
import type { ChatMessage, ConversationState } from "../types.ts"
import type { AgUiEvent, AgUiMessage } from "./events.ts"
import { clientIdsOf } from "./ids.ts"
import { type Part, partsOf, resultsOf } from "./parts.ts"

/** @returns every message that is held, oldest first; behind an agent's the results of its tools. */
export function messagesOf(state: Pick<ConversationState, "messages">): AgUiMessage[] {
  const ids = clientIdsOf(state)
  const shown = state.messages.filter(({ redacted }) => !redacted)
  return shown.flatMap((message) =>
    message.role === "user" ? [personsMessage(message, ids.get(message.id) ?? message.id)] : agentsMessages(message),
  )
}

export function personsMessage({ text, by, time }: ChatMessage, id: string): AgUiMessage {
  const name = by ? { name: by.user } : {}
  return { id, role: "user", content: text, ...name, metadata: { everthread: { time, ...(by ? { by } : {}) } } }
}

/** The same order in which a client puts them together out of events. */
function agentsMessages(message: ChatMessage): AgUiMessage[] {
  const parts = partsOf(message)
  const first = parts.findIndex(({ kind }) => kind !== "reasoning")
  const reasoning = (some: readonly Part[]): AgUiMessage[] =>
    some
      .filter(({ kind }) => kind === "reasoning")
      .map(({ id, text }) => ({ id, role: "reasoning" as const, content: text }))
  if (first < 0) return reasoning(parts)
  const results = resultsOf(message).map(
    ({ id, call, content, failed }): AgUiMessage => ({
      id,
      role: "tool",
      toolCallId: call,
      content,
      ...(failed ? { error: content } : {}),
    }),
  )
  return [...reasoning(parts.slice(0, first)), assistant(message, parts), ...results, ...reasoning(parts.slice(first))]
}

function assistant({ id, agent }: ChatMessage, parts: readonly Part[]): AgUiMessage {
  const text = parts.find(({ kind }) => kind === "text")?.text
  const toolCalls = parts
    .filter(({ kind }) => kind === "call")
    .map(({ id, name, text, call }) => ({
      id,
      type: "function" as const,
      function: { name, arguments: text },
      metadata: { everthread: { call } },
    }))
  return {
    id,
    role: "assistant",
    ...(text === undefined ? {} : { content: text }),
    ...(agent === undefined ? {} : { name: agent }),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
  }
}

/**
 * @param shown what clients were shown before. They keep reasoning that a snapshot without any leaves out, as most servers
 *   do not have it: so where the last of it is gone, it is told as empty.
 */
export function snapshotOf(state: Pick<ConversationState, "messages">, shown: readonly string[] = []): AgUiEvent {
  const messages = messagesOf(state)
  if (messages.some(({ role }) => role === "reasoning")) return { type: "MESSAGES_SNAPSHOT", messages }
  const empty = shown.map((id): AgUiMessage => ({ id, role: "reasoning", content: "" }))
  return { type: "MESSAGES_SNAPSHOT", messages: [...messages, ...empty] }
}

/** @returns the ids of all reasoning that a state shows. */
export function reasoningIn({ messages }: Pick<ConversationState, "messages">): string[] {
  return messages.flatMap((message) => {
    if (message.redacted || !message.blocks.some(({ kind }) => kind === "reasoning")) return []
    const parts = partsOf(message).filter(({ kind }) => kind === "reasoning")
    return parts.map(({ id }) => id)
  })
}
