/** The server: sockets, gateways, the core behind them, and what configures it. */
export * from "./auth/index.ts"
export * from "./config/index.ts"
export { ListenError } from "./http/listen.ts"
export * from "./logging/index.ts"
export * from "./metrics/index.ts"
export { type RunningServer, type ServerOptions, startServer } from "./start-server.ts"
