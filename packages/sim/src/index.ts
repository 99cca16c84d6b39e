/** What checks the history of a deployment, real or simulated. The simulation itself is run by `npm run sim`. */
export { check } from "./check/check.ts"
export { knownEvents } from "./check/known-events.ts"
export * from "./history/change.ts"
export * from "./history/history.ts"
export { WatchedConversation } from "./history/watched-conversation.ts"
export { WireTap } from "./history/wire-tap.ts"
export { anyOf, oneOf, seededRandom, shuffled, streamOf, wholeIn } from "./world/seeded-random.ts"
