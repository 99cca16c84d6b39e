/**
 * The client of the native protocol: reconnects, keeps what is written until it is stored, and follows
 * conversations as one gapless log. No dependencies; browsers and Node >= 20.19.
 */

export { type ChatMessage, textOf, type WhenBusy } from "@everthread/protocol"
export { type Client, createClient } from "./client.ts"
export type { ClientOptions, CreateOptions, ListOptions } from "./client-options.ts"
export type { ConnectionState, Welcome } from "./connection-state.ts"
export type {
  CheckpointsOptions,
  Conversation,
  ConversationChanges,
  ForkOptions,
  HistoryOptions,
  SendOptions,
} from "./conversation.ts"
export type { ConversationList, ConversationListView, ListedConversation } from "./conversation-list.ts"
export type { ConversationUpdate } from "./conversation-model.ts"
export type { ConversationStatus, ConversationView } from "./conversation-view.ts"
export { ClientClosed, ConnectionLost, DeadlineExceeded, OutboxFull, ReaderTooSlow, RequestError } from "./errors.ts"
export type { WriteFrame } from "./frames.ts"
export { clientLimits } from "./limits.ts"
export { memoryOutboxStore, type OutboxStore } from "./outbox-store.ts"
export type { PendingMessage } from "./pending.ts"
export { type ClientSocket, type SocketFactory, type SocketHandlers, socketsOf, type WebSocketLike } from "./socket.ts"
export type { LogUpdate } from "./subscription.ts"
export type { TokenOption } from "./token.ts"
export { isUnread, readUpTo } from "./unread.ts"
