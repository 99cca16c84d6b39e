/**
 * Which messages the state holds: the newest, and before them those that a run which has not ended still needs.
 *
 * A run needs the message that it is to answer, and what it has said: when it goes on from a checkpoint, some of that
 * is taken back. Both may be far behind the newest, when people talk while a run waits for its turn or for an answer.
 * What is needed no longer leaves with the next message that comes. (SPEC SNP3)
 */
import { limits } from "../limits.ts"
import type { ChatMessage, ConversationState, LogEventOf, Run } from "../types.ts"
import { isOpen, withoutOldest } from "./runs.ts"

type Test = (message: ChatMessage) => boolean

export function pushMessage(state: ConversationState, message: ChatMessage): ConversationState {
  const messages = [...state.messages, message]
  const messageCount = state.messageCount + 1
  const cut = messages.length - limits.stateMessagesMax
  if (cut <= 0) return { ...state, messages, messageCount }
  const needed = neededOf(messages.slice(0, cut), state.runs)
  const newest = messages.slice(cut)
  return {
    ...state,
    messages: [...needed, ...newest],
    messageCount,
    older: state.older || needed.length < cut,
    // It never moves back: where a rewind has taken some of the newest away, the cut goes through what is left before them.
    wholeFrom: Math.max(state.wholeFrom, newest[0]?.seq ?? 0),
  }
}

/** Finished messages up to a place are gone everywhere, except those that a run which has not ended still needs. */
export function onExpired(state: ConversationState, event: LogEventOf<"expired">): ConversationState {
  const upTo = Math.min(event.upTo, state.seq)
  // The same place again takes what a run has needed and needs no longer.
  if (upTo < (state.expiredUpTo ?? 0)) return state
  const old = state.messages.filter(({ seq }) => seq <= upTo)
  const needed = new Set(neededOf(old, state.runs))
  const messages = state.messages.filter((message) => message.seq > upTo || needed.has(message))
  // What lies between what expired and what is held whole may be in the archive.
  const older = state.older && state.wholeFrom > upTo + 1
  const gone = (event.gone ?? 0) + state.messages.length - messages.length
  const messageCount = older ? Math.max(messages.length, state.messageCount - gone) : messages.length
  return { ...state, messages, older, messageCount, expiredUpTo: upTo }
}

/** What has to stay. Beyond the limit finished words go first, and no more than that while runs are bounded themselves. */
function neededOf(messages: readonly ChatMessage[], runs: readonly Run[]): ChatMessage[] {
  const open = runs.filter(isOpen)
  const ids = new Set(open.map(({ id }) => id))
  const inputs = new Set(open.map((run) => run.message))
  const isFirm: Test = ({ id, status }) => status === "streaming" || inputs.has(id)
  const isSaid: Test = (message) => !isFirm(message) && message.run !== undefined && ids.has(message.run)
  const max = limits.stateNeededMessagesMax
  const room = Math.max(0, max - messages.filter(isFirm).length)
  return withoutOldest(
    messages.filter((message) => isFirm(message) || isSaid(message)),
    isSaid,
    room,
  ).slice(-max)
}
