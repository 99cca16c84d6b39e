/** What a node's worker gets from the configuration, and where its words go. */
import { type AgentOptions, defaultAgentOptions, type LogLine } from "@everthread/agent/worker"
import { EngineError } from "@everthread/engine"
import type { Config } from "@everthread/server/config"
import type { Log } from "@everthread/server/logging"

/** So many heartbeats fit into a lease: one that comes late must not cost a node its runs. */
const heartbeatsPerLease = 5
/** And so many looks at others' heartbeats: one adds no more than half a lease to a silence. */
const looksPerLease = 2

export function workerOptions({ agent }: Config): AgentOptions {
  const { leaseTtlMs } = agent
  const pollMs = Math.min(defaultAgentOptions.pollMs, leaseTtlMs / looksPerLease)
  return { ...defaultAgentOptions, ...agent, heartbeatMs: leaseTtlMs / heartbeatsPerLease, pollMs }
}

export function logLine({ logger }: Log, { level, text, error, ...where }: LogLine): void {
  // A store that is away is no fault of the code that asked it: its own sentence says it all.
  const cause = error instanceof EngineError ? { reason: error.message } : { err: error }
  logger[level](error === undefined ? where : { ...where, ...cause }, text)
}
