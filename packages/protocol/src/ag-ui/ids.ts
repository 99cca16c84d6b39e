/**
 * What AG-UI's clients call things.
 *
 * A person's message that came through AG-UI has the id that its client gave it, for everybody who speaks AG-UI: by it the
 * client knows its own message again. What has no id in the log gets one that no client may choose. (SPEC AGU3)
 */
import { ClientIds } from "../client-ids.ts"
import type { ChatMessage, ConversationState } from "../types.ts"

/** Stands between a message's id and the number of a part of it. Clients' own ids do not have it. */
const partMark = "~"

/** @returns whether a client may call its message so. */
export function mayBeClientId(id: string): boolean {
  return !id.includes(partMark)
}

const ids = new ClientIds("ag:", mayBeClientId)

/** @returns the idempotency key of a message that its client calls by this id. */
export function keyOfMessage(clientId: string): string {
  return ids.keyOf(clientId)
}

/** @returns the id of a part of a message that has no id of its own that is surely unique: a call, or a piece of reasoning. */
export function partId(message: string, block: number): string {
  return `${message}${partMark}${block}`
}

/** @returns the id of the message with a tool's result. */
export function resultId(message: string, block: number): string {
  return `${partId(message, block)}${partMark}result`
}

/** @returns the ids that clients know people's messages by, where they differ from those of the log. */
export function clientIdsOf({ messages }: Pick<ConversationState, "messages">): ReadonlyMap<string, string> {
  return ids.in(messages)
}

/** @returns the person's message that clients call by this id. */
export function messageOfClientId(state: ConversationState, clientId: string): ChatMessage | undefined {
  const named = clientIdsOf(state)
  return state.messages.find(({ id, role }) => role === "user" && (named.get(id) ?? id) === clientId)
}

/** Whether clients call the message of another person so. */
export function isOthersMessage(state: ConversationState, clientId: unknown, user: string | undefined): boolean {
  const message = typeof clientId === "string" ? messageOfClientId(state, clientId) : undefined
  return message !== undefined && message.by?.user !== user
}
