/**
 * A conversation as the messages of a page with the AI SDK, and how they come into what such a page shows already.
 *
 * The AI SDK shows what its own page has sent and been told. What other devices and other people say stands in the log:
 * a page that merges it sees all of it. (SPEC AIS7)
 */
import { clientIdOf, type UIMessage, uiMessages } from "@everthread/protocol/ai-sdk"
import type { Client } from "../client.ts"
import type { ConversationView } from "../conversation-view.ts"
import { visit } from "../entrance.ts"
import { followersOf } from "../followers.ts"

/** @returns what the log holds, and behind it what this device has written and the log does not hold yet. */
export function messagesOf({ state, messages, pending }: ConversationView): UIMessage[] {
  const written = pending.map(({ key, text, status }): UIMessage => {
    const metadata = { everthread: { pending: status } }
    return { id: clientIdOf(key) ?? key, role: "user", parts: [{ type: "text", text }], metadata }
  })
  return [...uiMessages(state, messages), ...written]
}

/** What is common to the messages of every page. */
interface Shown {
  readonly id: string
  readonly role: string
  readonly parts: readonly { readonly type: string; readonly state?: string; readonly toolCallId?: string }[]
}

/**
 * The messages that the page is to show: those of the log in its order, and what the page alone knows.
 *
 * @param shown what the page shows.
 * @param logged what `messagesOf` gave.
 * @param isBusy whether the page's own `status` is `submitted` or `streaming`: then the answer that it is being told stays as it is.
 */
export function mergeMessages<M extends Shown>(
  shown: readonly M[],
  logged: readonly UIMessage[],
  isBusy: boolean,
): M[] {
  const held = new Map(shown.map((message) => [message.id, message]))
  const streamed = isBusy ? shown.findLast(({ role }) => role === "assistant") : undefined
  const known = new Set(logged.map(({ id }) => id))
  const merged = logged.map((message) => {
    const own = held.get(message.id)
    return own && (own === streamed || hasUnsentAnswer(own, message)) ? own : (message as unknown as M)
  })
  const own = shown.slice(shown.findLastIndex(({ id }) => known.has(id)) + 1)
  const unsent = own.filter((message) => message.role === "user" || message === streamed)
  return [...merged, ...unsent.filter(({ id }) => !known.has(id))]
}

/** A person has answered and not sent it: the log still asks. */
function hasUnsentAnswer({ parts }: Shown, logged: UIMessage): boolean {
  const asked = logged.parts.filter(({ state }) => state === "approval-requested")
  const calls = new Set(asked.map(({ toolCallId }) => toolCallId))
  return parts.some(({ state, toolCallId }) => state === "approval-responded" && calls.has(toolCallId))
}

/**
 * Follows a conversation and tells its messages whenever they have changed, at first as soon as they are known.
 * @returns stops it.
 */
export function followMessages(client: Client, chat: string, tell: (messages: UIMessage[]) => void): () => void {
  let told: readonly UIMessage[] | undefined
  const look = () => {
    const view = client.conversation(chat).snapshot()
    if (view.cursor === undefined) return
    const messages = messagesOf(view)
    if (told && sameList(told, messages)) return
    told = messages
    tell(messages)
  }
  const release = followersOf(client).follow(chat, look)
  // Who may not enter sees nothing, nor does who is before the first message: that begins the chat.
  void visit(client, chat).catch(() => {})
  look()
  return release
}

function sameList(left: readonly UIMessage[], right: readonly UIMessage[]): boolean {
  return left.length === right.length && left.every((message, index) => message === right[index])
}
