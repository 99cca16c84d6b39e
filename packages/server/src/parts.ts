/** What a node is made of, for whoever puts one together on another network: the simulation. */
export { Connection, type ConnectionLimits } from "./connection/connection.ts"
export { Connections } from "./connection/connections.ts"
export type { Socket, SocketEvents } from "./connection/socket.ts"
export { Tick } from "./connection/tick.ts"
export type { Core } from "./core/core.ts"
export { type CoreOptions, createCore } from "./core/create-core.ts"
export { relayPresence } from "./core/presence-facts.ts"
export { nativeGateway } from "./gateways/native/gateway.ts"
