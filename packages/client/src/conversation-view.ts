/** What a user interface shows of a conversation: one immutable value. */

import type { By, ChatMessage, ConversationState, Cursor } from "@everthread/protocol"
import type { ConnectionState } from "./connection-state.ts"
import type { ReceivedError } from "./frames.ts"
import type { PendingMessage } from "./pending.ts"
import type { SubscriptionState } from "./subscription.ts"

/**
 * `connecting`: on the way to a server. `catching-up`: connected, what was missed is coming in.
 * `live`: everything is here. `offline`: waiting before the next try. `unauthorized`: a new token is
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
  /** Who else is typing. */
  readonly typing: readonly By[]
  /** The devices that are here, this one included. */
  readonly present: readonly By[]
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
  return byConnection[connection.name] ?? bySubscription[subscription.name]
}
