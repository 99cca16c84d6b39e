/** The AI SDK's `useChat` and `Chat` over our own client. No dependency on either: their shapes are told by structure. */
export type { UIMessage } from "@everthread/protocol/ai-sdk"
export {
  type ChatTransportOptions,
  type ConversationTransport,
  chatTransport,
  type ReconnectOptions,
  type SentMessages,
} from "./chat-transport.ts"
export { followMessages, mergeMessages, messagesOf } from "./messages.ts"
