/** What every engine needs and none should write anew. */
export * from "./listener-set.ts"
export * from "./listeners.ts"
export * from "./notify.ts"
export * from "./status-board.ts"
