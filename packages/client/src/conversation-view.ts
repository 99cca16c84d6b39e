/** What a user interface shows of a conversation: one immutable value. */

import {
  type By,
  type ChatMessage,
  type ConversationState,
  type Cursor,
  emptyState,
  isWaitingItsTurn,
  type Run,
} from "@everthread/protocol"
import type { ConnectionState } from "./connection-state.ts"
import type { ReceivedError } from "./frames.ts"
import type { PendingMessage } from "./pending.ts"
import type { SubscriptionState } from "./subscription.ts"

/**
 * `connecting`: on the way to a server. `catching-up`: connected, what was missed is coming in.
 * `live`: everything is here. `offline`: waiting before the next try, or for the server's answer to a
 * connection that is doubted. `unauthorized`: a new token is
 * needed. `closed`: over, by us or because the server does not let us follow it (see `error`).
 */
export type ConversationStatus = "connecting" | "catching-up" | "live" | "offline" | "unauthorized" | "closed"

export interface ConversationView {
  readonly conversation: string
  readonly status: ConversationStatus
  /** Why the server does not let us follow it, with `closed`. */
  readonly error: ReceivedError | undefined
  /** Where in the log this is; absent until the first snapshot. */
  readonly cursor: Cursor | undefined
  /** What the log adds up to there: members, runs, interrupts, receipts, the newest messages. */
  readonly state: ConversationState
  /** The pages that `loadOlder` brought and the newest messages, oldest first. */
  readonly messages: readonly ChatMessage[]
  /** Whether `loadOlder` would bring more. */
  readonly older: boolean
  /** What this device wrote and the log does not hold yet; to be shown after `messages`. */
  readonly pending: readonly PendingMessage[]
  /** The runs that wait their turn in this conversation, the next one first; `state.runs` has those under way, too. */
  readonly queue: readonly Run[]
  /** While every worker is busy: how many of the whole deployment are before a run of the queue, by its id. */
  readonly positions: ReadonlyMap<string, number>
  /** Who else is typing. */
  readonly typing: readonly By[]
  /** The devices that are here, this one included. */
  readonly present: readonly By[]
}

/** The view of a conversation that is not followed yet: nothing is known of it. */
export function unknownView(conversation: string): ConversationView {
  const { messages, runs } = emptyState
  return {
    conversation,
    status: "connecting",
    error: undefined,
    cursor: undefined,
    state: emptyState,
    messages,
    older: false,
    pending: [],
    queue: runs,
    positions: new Map(),
    typing: [],
    present: [],
  }
}

const byConnection: { readonly [S in ConnectionState["name"]]: ConversationStatus | undefined } = {
  idle: "connecting",
  connecting: "connecting",
  greeting: "connecting",
  // Then the subscription says it.
  open: undefined,
  waiting: "offline",
  unauthorized: "unauthorized",
  closed: "closed",
}

const bySubscription: { readonly [S in SubscriptionState["name"]]: ConversationStatus } = {
  offline: "catching-up",
  asking: "catching-up",
  "catching-up": "catching-up",
  waiting: "catching-up",
  live: "live",
  ended: "closed",
}

export function statusOf(connection: ConnectionState, subscription: SubscriptionState): ConversationStatus {
  if (subscription.name === "ended") return "closed"
  if (connection.name === "open" && connection.isDoubted) return "offline"
  return byConnection[connection.name] ?? bySubscription[subscription.name]
}

/** Whether a run stands in the conversation's queue: one that was taken out is only to be put away. */
export function isInQueue(run: Run): boolean {
  return isWaitingItsTurn(run) && run.stopBy === undefined
}

export function sameView(left: ConversationView, right: ConversationView): boolean {
  return (Object.keys(right) as (keyof ConversationView)[]).every((field) => left[field] === right[field])
}
