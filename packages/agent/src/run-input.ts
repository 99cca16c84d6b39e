/**
 * What a graph is given: the message it answers, and what people said since its last turn.
 *
 * In a group not every message is addressed to the agent. Its thread is given all of them, in the
 * order of the log, each with its own id and who wrote it, when it is next asked something: everything
 * after the message of its run before, up to the one it answers now. A message that was taken back is
 * not given. Giving one twice is harmless to a graph that adds messages by id.
 */
import type { ChatMessage, ConversationState, Run } from "@everthread/protocol"

export interface InputMessage {
  readonly id: string
  readonly text: string
  readonly user: string | undefined
}

/** @returns oldest first, the answered message last; empty if it was taken back before the agent saw it. */
export function runInput(state: ConversationState, run: Run, contextMessagesMax: number): InputMessage[] {
  const asked = state.messages.find((message) => message.id === run.message)
  if (!asked || asked.redacted) return []
  const seen = lastSeenSeq(state, run)
  const context = state.messages.filter(
    (message) => isContext(message) && message.seq > seen && message.seq < asked.seq,
  )
  return [...context.slice(-contextMessagesMax), asked].map(inputOf)
}

function isContext(message: ChatMessage): boolean {
  return message.role === "user" && !message.redacted
}

/** Where the message of the agent's run before stands: its thread has everything up to there. */
function lastSeenSeq(state: ConversationState, run: Run): number {
  const before = state.runs.filter((other) => other.agent === run.agent && other.id !== run.id && other.attempt > 0)
  const answered = new Set(before.map((other) => other.message))
  return state.messages.reduce((seq, message) => (answered.has(message.id) ? Math.max(seq, message.seq) : seq), 0)
}

function inputOf(message: ChatMessage): InputMessage {
  return { id: message.id, text: message.text, user: message.by?.user }
}
