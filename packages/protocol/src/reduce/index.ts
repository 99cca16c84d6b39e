/**
 * What a log adds up to: `reduce(state, event)`, pure, total and the same on server and client.
 *
 * snapshot(cursor) + the events after it = state, always (SPEC SNP1); joining deltas changes nothing
 * (SPEC FRM3). It never mutates: what did not change keeps its identity, so a user interface can
 * compare by `===`. An event about something that is not held, because it is older than what the
 * state keeps, changes nothing but `seq`.
 */
import type { ConversationState, EventType, LogEvent, LogEventOf } from "../types.ts"
import { onAgentOutput, onDelta } from "./agent-output.ts"
import { onCopied, onEdit, onMessage, onReaction, onReceipt, onRedaction } from "./messages.ts"
import {
  onInputRequested,
  onInputResponded,
  onRewind,
  onRunAttempt,
  onRunEnded,
  onRunPromoted,
  onRunQueued,
  onRunStop,
  onRunWaiting,
} from "./runs.ts"
import { onExpired } from "./window.ts"

/** The state before the first event. */
export const emptyState: ConversationState = {
  seq: 0,
  members: {},
  messages: [],
  older: false,
  wholeFrom: 0,
  messageCount: 0,
  runs: [],
  interrupts: [],
  receipts: {},
}

type Reducers = { readonly [T in EventType]: (state: ConversationState, event: LogEventOf<T>) => ConversationState }

/** One reducer for each type of event: the compiler refuses a table with a hole. */
const reducers: Reducers = {
  "conversation.created": (state, event) => ({
    ...state,
    ...(event.title === undefined ? {} : { title: event.title }),
    ...(event.agent === undefined ? {} : { agent: event.agent, firstAgent: event.agent }),
    ...(event.whenBusy === undefined ? {} : { whenBusy: event.whenBusy }),
    ...(event.from === undefined ? {} : { from: event.from }),
  }),
  "conversation.changed": (state, event) => ({
    ...state,
    ...(event.title === undefined ? {} : { title: event.title }),
    ...(event.agent === undefined ? {} : { agent: event.agent }),
    ...(event.whenBusy === undefined ? {} : { whenBusy: event.whenBusy }),
  }),
  copied: onCopied,
  expired: onExpired,
  "member.added": (state, event) => ({ ...state, members: { ...state.members, [event.user]: event.role } }),
  "member.removed": (state, event) => {
    const { [event.user]: _removed, ...members } = state.members
    const { [event.user]: _forgotten, ...receipts } = state.receipts
    return { ...state, members, receipts }
  },
  message: onMessage,
  edit: onEdit,
  redaction: onRedaction,
  reaction: onReaction,
  receipt: onReceipt,
  "run.queued": onRunQueued,
  "run.promoted": onRunPromoted,
  "run.attempt": onRunAttempt,
  "run.waiting": onRunWaiting,
  "run.stop": onRunStop,
  "run.ended": onRunEnded,
  rewind: onRewind,
  "input.requested": onInputRequested,
  "input.responded": onInputResponded,
  agent: onAgentOutput,
  delta: onDelta,
}

export function reduce(state: ConversationState, event: LogEvent): ConversationState {
  // A newer server may store types that this client does not know; they still move the state on.
  if (!Object.hasOwn(reducers, event.type)) return { ...state, seq: event.seq }
  const reducer = reducers[event.type] as (state: ConversationState, event: LogEvent) => ConversationState
  return { ...reducer(state, event), seq: event.seq }
}

export function reduceAll(state: ConversationState, events: readonly LogEvent[]): ConversationState {
  return events.reduce(reduce, state)
}
