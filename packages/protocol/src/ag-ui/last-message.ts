/** The one message of an input that is believed: the last one of the person who asks. (SPEC AGU3) */
import { mayBeClientId } from "./ids.ts"

export interface LastMessage {
  /** Its place in the input. */
  readonly at: number
  readonly id: unknown
  /** `undefined`: it has parts that are no text. */
  readonly text: string | undefined
}

/**
 * What stands behind it is what an agent has said to it: a client that was cut off sends that along, and is told the same
 * run again.
 *
 * @param isOthers whether a message of this id is another person's, which a page that follows the thread shows, too.
 */
export function lastMessageOf(
  messages: readonly unknown[],
  isOthers: (id: unknown) => boolean = () => false,
): LastMessage | undefined {
  const isOwn = (message: unknown) => isFields(message) && message["role"] === "user" && !isOthers(message["id"])
  const at = messages.findLastIndex(isOwn)
  const last = messages[at]
  return isFields(last) ? { at, id: last["id"], text: textIn(last["content"]) } : undefined
}

/** @returns the place of a result of a tool that the page itself has run; -1 if there is none. Ours have ids that no client chooses. */
export function pagesResult(messages: readonly unknown[], after: number): number {
  const isPages = (message: unknown) =>
    isFields(message) && message["role"] === "tool" && mayBeClientId(String(message["id"]))
  return messages.findIndex((message, at) => at > after && isPages(message))
}

/** @returns the ids of what the client shows, in its order. */
export function idsOf(messages: readonly unknown[]): string[] {
  return messages.flatMap((message) => (isFields(message) && typeof message["id"] === "string" ? [message["id"]] : []))
}

function textIn(content: unknown): string | undefined {
  if (typeof content === "string") return content
  if (!Array.isArray(content)) return undefined
  const texts = content.map((part: unknown) =>
    isFields(part) && part["type"] === "text" && typeof part["text"] === "string" ? part["text"] : undefined,
  )
  return texts.includes(undefined) ? undefined : texts.join("")
}

function isFields(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
