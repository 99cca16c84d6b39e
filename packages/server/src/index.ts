/** The server: sockets, gateways, the core behind them, and what configures it. */
export * from "./auth/index.ts"
export * from "./config/index.ts"
export type { AgentThread, CheckpointHistory, CheckpointPage, ListedRange } from "./core/checkpoint-history.ts"
export { ListenError } from "./http/listen.ts"
export * from "./logging/index.ts"
export * from "./metrics/index.ts"
export { type PagesOptions, type RunningPages, startPages } from "./start-pages.ts"
export { type RunningServer, type ServerOptions, startServer } from "./start-server.ts"
