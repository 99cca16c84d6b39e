/**
 * What a graph is given: the message it answers, and what people said since its last turn.
 *
 * In a group not every message is addressed to the agent. Its thread is given all of them, in the
 * order of the log, each with its own id and who wrote it, when it is next asked something: everything
 * after the message of its run before, up to the one it answers now. A message that was taken back is
 * not given. Giving one twice is harmless to a graph that adds messages by id.
 */
import { type ChatMessage, type ConversationState, isWaitingItsTurn, type Run } from "@everthread/protocol"

export interface InputMessage {
  readonly id: string
  readonly text: string
  readonly user: string | undefined
}

/** @returns oldest first, the answered message behind its context; empty if it was taken back before the agent saw it. */
export function runInput(state: ConversationState, run: Run, contextMessagesMax: number): InputMessage[] {
  const asked = state.messages.find((message) => message.id === run.message)
  if (!asked || asked.redacted) return []
  const seen = lastSeenSeq(state, run)
  const leftOut = messagesLeftOut(state, run)
  const context = state.messages.filter(
    (message) => isContext(message) && message.seq > seen && message.seq < asked.seq && !leftOut.has(message.id),
  )
  const newest = contextMessagesMax === 0 ? [] : context.slice(-contextMessagesMax)
  return [...newest, asked, ...takenIn(state, run)].map(inputOf)
}

/**
 * What the run answers once more, because its thread has it no longer: what was taken in by an attempt whose checkpoints
 * are gone, and where it answers anew, what the runs had answered whose answers were taken back. (SPEC QUE5, RUN9)
 */
function answeredBefore({ runs }: ConversationState, run: Run): ReadonlySet<Run> {
  const isTry = ({ id, agent, message }: Run) => id !== run.id && agent === run.agent && message === run.message
  const tries = run.again ? runs.filter(isTry) : []
  const ids = new Set([run, ...tries].map(({ id }) => id))
  return new Set([...tries, ...runs.filter(({ into }) => into !== undefined && ids.has(into))])
}

/** People said it while the agent was at work. */
function takenIn(state: ConversationState, run: Run): ChatMessage[] {
  const ids = new Set([...answeredBefore(state, run)].map(({ message }) => message))
  return state.messages.filter((message) => isContext(message) && message.id !== run.message && ids.has(message.id))
}

/**
 * What the agent is not to be told now: what has its own turn, because it may stand before this one in the log and behind it
 * in the queue; and what was taken out of the queue before its turn came, because nobody wants it answered.
 */
function messagesLeftOut({ runs }: ConversationState, run: Run): ReadonlySet<string> {
  const isLeftOut = (other: Run) => isWaitingItsTurn(other) || (other.status === "stopped" && other.attempt === 0)
  const others = runs.filter((other) => other.agent === run.agent && other.id !== run.id && isLeftOut(other))
  return new Set(others.map(({ message }) => message))
}

function isContext(message: ChatMessage): boolean {
  return message.role === "user" && !message.redacted
}

/** Where the message of the agent's run before stands, or where its thread stood when it came along: it has everything up to there. */
function lastSeenSeq(state: ConversationState, run: Run): number {
  const forgotten = answeredBefore(state, run)
  const isSeen = (other: Run) => (other.attempt > 0 || other.status === "merged") && !forgotten.has(other)
  const before = state.runs.filter((other) => other.agent === run.agent && other.id !== run.id && isSeen(other))
  const answered = new Set(before.map((other) => other.message))
  const thread = state.from?.thread
  const first = thread?.agent === run.agent ? thread.seen : 0
  return state.messages.reduce((seq, message) => (answered.has(message.id) ? Math.max(seq, message.seq) : seq), first)
}

function inputOf(message: ChatMessage): InputMessage {
  return { id: message.id, text: message.text, user: message.by?.user }
}
