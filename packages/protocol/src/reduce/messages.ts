/** What messages, edits, redactions, reactions and receipts do to the state. */
import { limits } from "../limits.ts"
import type { ChatMessage, ConversationState, LogEventOf } from "../types.ts"
import { pushMessage } from "./window.ts"

type State = ConversationState

/** @returns the list with one message replaced, or the very same list where there is none of that id. */
export function updateMessage(
  messages: readonly ChatMessage[],
  id: string,
  update: (message: ChatMessage) => ChatMessage,
): ChatMessage[] {
  // From the end: nearly every update is about the newest message.
  const index = messages.findLastIndex((message) => message.id === id)
  if (index < 0) return messages as ChatMessage[]
  const updated = [...messages]
  updated[index] = update(messages[index] as ChatMessage)
  return updated
}

/** Adds a message, unless there is one of its id. */
export function addMessage(state: State, message: ChatMessage): State {
  return state.messages.some((held) => held.id === message.id) ? state : pushMessage(state, message)
}

export function onMessage(state: State, event: LogEventOf<"message">): State {
  return addMessage(state, {
    id: event.id,
    seq: event.seq,
    time: event.time,
    role: "user",
    status: "complete",
    by: event.by,
    key: event.key,
    ...(event.agent === undefined ? {} : { agent: event.agent }),
    ...(event.replyTo === undefined ? {} : { replyTo: event.replyTo }),
    text: event.text,
    blocks: [],
  })
}

/** What it belonged to, a run and a place, is of the conversation that it comes from. */
export function onCopied(state: State, { seq, message }: LogEventOf<"copied">): State {
  const { run: _run, ns: _ns, doneSeq, ...kept } = message
  const status = message.status === "streaming" ? "stopped" : message.status
  return addMessage(state, { ...kept, seq, status, ...(doneSeq === undefined ? {} : { doneSeq: seq }) })
}

export function onEdit(state: State, event: LogEventOf<"edit">): State {
  const edit = (message: ChatMessage): ChatMessage =>
    message.redacted || message.role !== "user" ? message : { ...message, text: event.text, edited: true }
  return { ...state, messages: updateMessage(state.messages, event.message, edit) }
}

export function onRedaction(state: State, event: LogEventOf<"redaction">): State {
  const redact = (message: ChatMessage): ChatMessage => {
    const { reactions: _gone, ...rest } = message
    return { ...rest, text: "", blocks: [], redacted: true }
  }
  return { ...state, messages: updateMessage(state.messages, event.message, redact) }
}

export function onReaction(state: State, event: LogEventOf<"reaction">): State {
  const react = (message: ChatMessage): ChatMessage => {
    if (message.redacted) return message
    const { [event.reaction]: _replaced, ...others } = message.reactions ?? {}
    const users = own(message.reactions ?? {}, event.reaction, []).filter((user) => user !== event.by.user)
    if (event.on && users.length < limits.membersMax) users.push(event.by.user)
    if (users.length === 0) return { ...message, reactions: others }
    if (Object.keys(others).length >= limits.messageReactionsMax) return message
    return { ...message, reactions: { ...others, [event.reaction]: users } }
  }
  return { ...state, messages: updateMessage(state.messages, event.message, react) }
}

export function onReceipt(state: State, event: LogEventOf<"receipt">): State {
  const { user } = event.by
  if (!Object.hasOwn(state.members, user) || event.upTo <= own(state.receipts, user, 0)) return state
  return { ...state, receipts: { ...state.receipts, [user]: event.upTo } }
}

/** People choose these keys: one that happens to be `constructor` must not find what every object inherits. */
function own<T>(record: { readonly [key: string]: T }, key: string, otherwise: T): T {
  return Object.hasOwn(record, key) ? (record[key] as T) : otherwise
}
