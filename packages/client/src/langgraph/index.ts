/** LangChain's `useStream` and `Client` over our own client. No dependency on either: their shapes are told by structure. */
export type { ConversationAdapter, StockCommand } from "./adapter.ts"
export { agentServerAdapter, type StreamOptions, streamOptions } from "./stream-options.ts"
