/** Who is who in a message. */
import { type By, type ChatMessage, textOf } from "@everthread/protocol"

export interface Author {
  readonly kind: "person" | "agent"
  /** `undefined`: an agent whose name the log does not hold any more. */
  readonly name: string | undefined
}

export function authorOf(message: ChatMessage): Author {
  return message.by ? { kind: "person", name: message.by.user } : { kind: "agent", name: message.agent }
}

export function isSameAuthor(one: ChatMessage, other: ChatMessage): boolean {
  const [left, right] = [authorOf(one), authorOf(other)]
  return left.kind === right.kind && left.name === right.name
}

/** What somebody said or an agent answered, as plain text. */
export function plainText(message: ChatMessage): string {
  return message.by ? message.text : textOf(message)
}

/** Whether there is anything to show: an agent's message may have been begun and never filled. */
export function isShown(message: ChatMessage): boolean {
  if (message.role === "user" || message.redacted === true || message.status === "streaming") return true
  return message.blocks.some(({ kind, text, tool }) => tool !== undefined || (text !== "" && kind !== "tool_call"))
}

/** @returns each user once, without oneself. */
export function others(people: readonly By[], user: string): readonly string[] {
  return [...new Set(people.map((by) => by.user))].filter((name) => name !== user)
}
