/** LangChain's Agent Streaming Protocol over WebSocket, as its stock clients speak it: one thread on one socket. */
import type { Gateway } from "../gateway.ts"
import { LangGraphDialect } from "./dialect.ts"
import { threadOfPath } from "./thread-names.ts"

export const langgraphGateway: Gateway = {
  name: "langgraph",
  paths: ["/threads/:thread_id/stream/events"],
  serves: (path) => threadOfPath(path) !== undefined,
  open: (peer, opening) => new LangGraphDialect(peer, opening),
}
