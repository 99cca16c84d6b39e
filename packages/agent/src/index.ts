/** The agent side: claims runs, drives LangGraph, turns its stream into log events. */
export { AgentWorker } from "./agent-worker.ts"
export type { AttemptParts as AgentWorkerParts } from "./attempt-parts.ts"
export type { Graph, LoadedGraph } from "./graph.ts"
export { compiledGraph } from "./langgraph/compiled-graph.ts"
export type { Log, LogLine } from "./log-line.ts"
export { type AgentOptions, defaultAgentOptions, outputLimits } from "./options.ts"
export { conversationOfThread, threadOf } from "./thread-id.ts"
