/**
 * The composition root: puts a server and an agent worker on a store.
 *
 * What was opened is closed in the opposite order, also when a later step fails: a data folder must not
 * stay occupied because a port was in use.
 */
import { type AgentOptions, AgentWorker, defaultAgentOptions, type LogLine } from "@everthread/agent"
import { EngineError } from "@everthread/engine"
import type { Clock, Random } from "@everthread/protocol"
import { createMetrics, startServer } from "@everthread/server"
import { createAuthenticator } from "@everthread/server/auth"
import type { Config } from "@everthread/server/config"
import type { Log } from "@everthread/server/logging"
import type { AgentSource } from "./agent-source.ts"
import { loadAgents } from "./load-agents.ts"
import { type OpenedStore, openStore } from "./open-store.ts"

export interface NodeParts {
  readonly config: Config
  readonly source: AgentSource
  readonly log: Log
  readonly clock: Clock
  readonly random: Random
}

export interface RunningNode {
  readonly port: number
  readonly agents: readonly string[]
  readonly engine: string
  /** Drains: everybody is told to come back elsewhere, and the runs are handed over. */
  stop(): Promise<void>
}

const nodeIdChars = 8
/** So many heartbeats fit into a lease: one that comes late must not cost a node its runs. */
const heartbeatsPerLease = 5
/** And so many looks at others' heartbeats: one adds no more than half a lease to a silence. */
const looksPerLease = 2

/** A node with a store of its own, which it closes when it is stopped. */
export async function startNode(parts: NodeParts): Promise<RunningNode> {
  const store = await openStore(parts.config, parts)
  try {
    const node = await startNodeOn(store, parts)
    return { ...node, stop: () => node.stop().then(store.close) }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** A node on a store that stays open when the node is stopped. */
export async function startNodeOn({ engine, saver }: OpenedStore, parts: NodeParts): Promise<RunningNode> {
  const { config, clock, random, log } = parts
  const authenticator = await createAuthenticator(config.auth, clock)
  const node = config.serverId ?? `node-${random.id(nodeIdChars)}`
  const graphs = await loadAgents(parts.source, saver, clock)
  const names = [...graphs.keys()]
  const options = agentOptions(config)
  const metrics = config.metrics.enabled ? createMetrics(clock) : undefined
  const worker = new AgentWorker({
    engine,
    graphs,
    node,
    clock,
    random,
    options,
    log: (line) => logLine(log, line),
    observer: metrics?.worker,
  })
  metrics?.watchWorker(worker)
  const agents = { names }
  const shared = { config, engine, authenticator, clock, random, log: log.logger, agents, node, metrics }
  const server = await startServer(shared)
  // The server first: nothing may be claimed by a node that turns out to have no port.
  await worker.start().catch(async (error: unknown) => {
    await server.drain(0)
    throw error
  })
  const stop = async () => {
    await Promise.all([server.drain(config.drainTimeoutMs), worker.drain(config.drainTimeoutMs)])
  }
  return { port: server.port, agents: names, engine: engine.description, stop }
}

function agentOptions({ agent }: Config): AgentOptions {
  const { leaseTtlMs } = agent
  const pollMs = Math.min(defaultAgentOptions.pollMs, leaseTtlMs / looksPerLease)
  return { ...defaultAgentOptions, ...agent, heartbeatMs: leaseTtlMs / heartbeatsPerLease, pollMs }
}

function logLine({ logger }: Log, { level, text, error, ...where }: LogLine): void {
  // A store that is away is no fault of the code that asked it: its own sentence says it all.
  const cause = error instanceof EngineError ? { reason: error.message } : { err: error }
  logger[level](error === undefined ? where : { ...where, ...cause }, text)
}
