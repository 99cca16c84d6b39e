/** The AI SDK's `WebSocketChatTransport`, unmodified: many chats of one person on one socket. */
import type { Gateway } from "../gateway.ts"
import { AiSdkDialect } from "./dialect.ts"

export const aiSdkGateway: Gateway = {
  name: "ai-sdk",
  paths: ["/compat/ai-sdk/ws"],
  open: (peer, opening) => new AiSdkDialect(peer, opening),
}
