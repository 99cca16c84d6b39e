/** Loads the agents that `serve` was told to serve. */
import type { LoadedGraph } from "@everthread/agent"
import type { EmbeddedEngine } from "@everthread/engine-embedded"
import type { AgentSource } from "./agent-source.ts"

export async function loadAgents(_source: AgentSource, _engine: EmbeddedEngine): Promise<Map<string, LoadedGraph>> {
  return new Map()
}
