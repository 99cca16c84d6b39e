/**
 * What runs runs, without what loads graphs: a node that only serves people starts without LangGraph.
 * `packages/cli/test/roles.test.ts` holds it to that.
 */
export { AgentWorker } from "./agent-worker.ts"
export type { AttemptParts as AgentWorkerParts } from "./attempt-parts.ts"
export { ConversationView } from "./conversation-view.ts"
export type { LoadedGraph } from "./graph.ts"
export type { Log, LogLine } from "./log-line.ts"
export type { AgentObserver } from "./observer.ts"
export { type AgentOptions, defaultAgentOptions, outputLimits } from "./options.ts"
export { conversationOfThread, threadOf } from "./thread-id.ts"
