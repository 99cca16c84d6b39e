/** Loads the agents that `serve` was told to serve, all with one saver on the node's own store. */
import { extname } from "node:path"
import { fileURLToPath } from "node:url"
import { type GraphSpec, type LoadedGraph, type LoadGraphParts, loadGraph } from "@everthread/agent"
import type { Clock } from "@everthread/protocol"
import type { AgentSource } from "./agent-source.ts"

/** How long an agent's file may take to load; some fetch things first. */
const loadDeadlineMs = 30_000

/** In the sources it is TypeScript, as this file is; where that is built, it is too. */
const demoFile = new URL(`../demo/agent${extname(import.meta.url)}`, import.meta.url)
const demo: GraphSpec = { name: "demo", file: fileURLToPath(demoFile), exportName: "graph" }

export interface LoadAgentsParts {
  readonly saver: LoadGraphParts["saver"]
  readonly clock: Clock
}

/** @throws GraphLoadError that tells the agent's author what to do. */
export async function loadAgents(
  source: AgentSource,
  { saver, clock }: LoadAgentsParts,
): Promise<Map<string, LoadedGraph>> {
  if (source.kind === "none") return new Map()
  const specs = source.kind === "demo" ? [demo] : source.specs
  if (source.kind === "files") applyEnv(source.env)
  const graphs = new Map<string, LoadedGraph>()
  // One after the other: their top levels run in an order that is the same at each start.
  for (const spec of specs) graphs.set(spec.name, await loadGraph(spec, { clock, saver, deadlineMs: loadDeadlineMs }))
  return graphs
}

/** Agents read `process.env`, as they would anywhere else. */
function applyEnv(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) process.env[name] ??= value
}
