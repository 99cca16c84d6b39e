/** The ports that a store implements. The suite that proves an implementation is `@everthread/engine/contract`. */
export * from "./directory.ts"
export * from "./engine.ts"
export * from "./event-log.ts"
export * from "./leases.ts"
export * from "./presence.ts"
export * from "./sessions.ts"
