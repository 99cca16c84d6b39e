/**
 * What AG-UI's clients call things.
 *
 * A person's message that came through AG-UI has the id that its client gave it, for everybody who speaks AG-UI: by it the
 * client knows its own message again. Ids of the log come first, so nobody's message can take the place of another. What
 * has no id in the log gets one that no client may choose. (SPEC AGU3)
 */
import type { ChatMessage, ConversationState } from "../types.ts"

/** The mark of keys that were made from a client's own id of its message. */
const keyMark = "ag:"

/** Stands between a message's id and the number of a part of it. Clients' own ids do not have it. */
const partMark = "~"

/** @returns whether a client may call its message so. */
export function mayBeClientId(id: string): boolean {
  return !id.includes(partMark)
}

/** @returns the idempotency key of a message that its client calls by this id. */
export function keyOfMessage(clientId: string): string {
  return `${keyMark}${clientId}`
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
  const ids = new Map<string, string>()
  const taken = new Set(messages.map(({ id }) => id))
  for (const { id, key } of messages) {
    const clientId = key?.startsWith(keyMark) ? key.slice(keyMark.length) : undefined
    if (clientId === undefined || taken.has(clientId) || !mayBeClientId(clientId)) continue
    taken.add(clientId)
    ids.set(id, clientId)
  }
  return ids
}

/** @returns the person's message that clients call by this id. */
export function messageOfClientId(state: ConversationState, clientId: string): ChatMessage | undefined {
  const ids = clientIdsOf(state)
  return state.messages.find(({ id, role }) => role === "user" && (ids.get(id) ?? id) === clientId)
}

/** Whether clients call the message of another person so. */
export function isOthersMessage(state: ConversationState, clientId: unknown, user: string | undefined): boolean {
  const message = typeof clientId === "string" ? messageOfClientId(state, clientId) : undefined
  return message !== undefined && message.by?.user !== user
}
