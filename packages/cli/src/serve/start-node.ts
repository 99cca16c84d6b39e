/**
 * The composition root: the only place that picks an engine and puts a server and an agent worker on it.
 *
 * What was opened is closed in the opposite order, also when a later step fails: a data folder must not
 * stay occupied because a port was in use.
 */
import { type AgentOptions, AgentWorker, defaultAgentOptions, type LogLine } from "@everthread/agent"
import { type EmbeddedEngine, openEmbeddedEngine } from "@everthread/engine-embedded"
import type { Clock, Random } from "@everthread/protocol"
import { startServer } from "@everthread/server"
import { type Authenticator, createAuthenticator } from "@everthread/server/auth"
import type { Config } from "@everthread/server/config"
import type { Log } from "@everthread/server/logging"
import type { AgentSource } from "./agent-source.ts"
import { loadAgents } from "./load-agents.ts"

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
  /** Drains, makes everything durable and frees the data folder. */
  stop(): Promise<void>
}

const nodeIdChars = 8
/** So many heartbeats fit into a lease: one that comes late must not cost a node its runs. */
const heartbeatsPerLease = 5

export async function startNode(parts: NodeParts): Promise<RunningNode> {
  const { config, clock, log } = parts
  const authenticator = await createAuthenticator(config.auth, clock)
  const engine = await openEmbeddedEngine({ folder: config.dataFolder, clock })
  const unwatch = engine.onStatus((status) => log.logger.warn(status, "The store's state has changed"))
  const close = async () => {
    unwatch()
    await engine.close()
  }
  try {
    const { drain, ...running } = await startOn(engine, authenticator, parts)
    return { ...running, stop: () => drain(config.drainTimeoutMs).then(close) }
  } catch (error) {
    await close()
    throw error
  }
}

async function startOn(engine: EmbeddedEngine, authenticator: Authenticator, parts: NodeParts) {
  const { config, clock, random, log } = parts
  const node = config.serverId ?? `node-${random.id(nodeIdChars)}`
  const graphs = await loadAgents(parts.source, engine, clock)
  const names = [...graphs.keys()]
  const options = agentOptions(config)
  const worker = new AgentWorker({ engine, graphs, node, clock, random, options, log: (line) => logLine(log, line) })
  const agents = { names }
  const server = await startServer({ config, engine, authenticator, clock, random, log: log.logger, agents, node })
  // The server first: nothing may be claimed by a node that turns out to have no port.
  await worker.start().catch(async (error: unknown) => {
    await server.drain(0)
    throw error
  })
  const drain = (timeoutMs: number) => Promise.all([server.drain(timeoutMs), worker.drain(timeoutMs)])
  return { port: server.port, agents: names, engine: engine.description, drain }
}

function agentOptions({ agent }: Config): AgentOptions {
  return { ...defaultAgentOptions, ...agent, heartbeatMs: agent.leaseTtlMs / heartbeatsPerLease }
}

function logLine({ logger }: Log, { level, text, error, ...where }: LogLine): void {
  logger[level](error === undefined ? where : { ...where, err: error }, text)
}
