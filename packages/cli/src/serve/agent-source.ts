/** Which agents `serve` serves: those that were named, else a langgraph.json's, else the demo. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { GraphLoadError, type GraphSpec, parseGraphSpec, readLanggraphJson } from "@everthread/agent"
import type { Config } from "@everthread/server/config"

export type AgentSource =
  | {
      readonly kind: "files"
      readonly specs: readonly GraphSpec[]
      /** What the agents' authors want in the environment; what is set there already wins. */
      readonly env: Readonly<Record<string, string>>
    }
  | { readonly kind: "demo" }
  /** A gateway serves people, and runs nothing. */
  | { readonly kind: "none" }

/** @throws GraphLoadError for a name that cannot be one, or a file that is not there. */
export function findAgents(config: Config, folder: string): AgentSource {
  const source = namedAgents(config, folder)
  // Now and not when they are loaded: then the data folder is open, and its own problems would be told first.
  const missing = source.kind === "files" ? source.specs.find(({ file }) => !existsSync(file)) : undefined
  if (missing) throw new GraphLoadError("no-file", `There is no file ${missing.file}.`)
  return source
}

function namedAgents(config: Config, folder: string): AgentSource {
  const named = Object.entries(config.graphs)
  if (named.length > 0) {
    const specs = named.map(([name, place]) => ({ ...parseGraphSpec(place, folder), name }))
    return { kind: "files", specs, env: {} }
  }
  const file = join(folder, "langgraph.json")
  if (!existsSync(file)) return { kind: "demo" }
  const { graphs, env } = readLanggraphJson(file)
  return { kind: "files", specs: graphs, env }
}
