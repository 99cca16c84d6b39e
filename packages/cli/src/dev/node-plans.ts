/** What each node of `everthread dev` is started with: what was typed, and nothing that is set for another server. */
import { envOf, optionAt, optionPaths } from "@everthread/server/config"
import { argumentsOf } from "../demo-cluster/node-flags.ts"
import type { NodePlan } from "./node-process.ts"

export interface PlanParts {
  readonly nodes: number
  readonly graphs: readonly string[]
  readonly folder: string
  /** Of this process. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where the store is. */
  readonly store: Readonly<Record<string, string>>
}

/** A device notices within seconds that its node stands still: that is what the pause button is there to show. */
const heartbeatSeconds = "2"

export function nodePlans({ nodes, graphs, folder, env, store }: PlanParts): readonly NodePlan[] {
  const inherited = withoutOptions(env)
  return Array.from({ length: nodes }, (_, index) => {
    const id = `node-${index + 1}`
    const flags = {
      host: "127.0.0.1",
      port: "0",
      "server-id": id,
      graph: graphs,
      "log-format": "human",
      "websocket-heartbeat-interval": heartbeatSeconds,
      "drain-timeout": "3",
    }
    return { id, folder, args: argumentsOf(flags), env: { ...inherited, ...store } }
  })
}

/** Agents get what they find elsewhere, too. A secret or a port that is set is meant for a server that people use. */
function withoutOptions(env: PlanParts["env"]): Record<string, string> {
  const names = new Set(["CONFIG_FILE", ...optionPaths.map((path) => envOf(path, optionAt(path)))])
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !names.has(name))
  return Object.fromEntries(kept) as Record<string, string>
}
