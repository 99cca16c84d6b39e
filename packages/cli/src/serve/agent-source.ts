/** Which agents `serve` serves: those that were named, else a langgraph.json's, else the demo. */
import type { Config } from "@everthread/server/config"
import { readLangGraphFile } from "./langgraph-file.ts"

export type AgentSource =
  /** By name: `path:export`, relative to `folder`. */
  | { readonly kind: "files"; readonly folder: string; readonly graphs: Readonly<Record<string, string>> }
  | { readonly kind: "demo" }

export async function findAgents(config: Config, folder: string): Promise<AgentSource> {
  if (Object.keys(config.graphs).length > 0) return { kind: "files", folder, graphs: config.graphs }
  const graphs = await readLangGraphFile(folder)
  return graphs ? { kind: "files", folder, graphs } : { kind: "demo" }
}
