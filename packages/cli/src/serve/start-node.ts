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
  engine.onStatus(({ state, reason }) => log.logger.warn({ state, reason }, "The store's state has changed"))
  try {
    return await startOn(engine, authenticator, parts)
  } catch (error) {
    await engine.close()
    throw error
  }
}

async function startOn(engine: EmbeddedEngine, authenticator: Authenticator, parts: NodeParts): Promise<RunningNode> {
  const { config, clock, random, log } = parts
  const node = config.serverId ?? `node-${random.id(nodeIdChars)}`
  const graphs = await loadAgents(parts.source, engine)
  const worker = new AgentWorker({
    engine,
    graphs,
    node,
    clock,
    random,
    options: agentOptions(config),
    log: (line) => logAgentLine(log, line),
  })
  const agents = [...graphs.keys()]
  const server = await startServer({
    config,
    engine,
    authenticator,
    clock,
    random,
    log: log.logger,
    agents: { names: agents },
    node,
  })
  // The server first: nothing may be claimed by a node that turns out to have no port.
  await worker.start().catch(async (error: unknown) => {
    await server.drain(0)
    throw error
  })
  return { port: server.port, agents, engine: engine.description, stop }

  async function stop(): Promise<void> {
    await Promise.all([server.drain(config.drainTimeoutMs), worker.drain(config.drainTimeoutMs)])
    await engine.close()
  }
}

function agentOptions({ agent }: Config): AgentOptions {
  return { ...defaultAgentOptions, ...agent, heartbeatMs: agent.leaseTtlMs / heartbeatsPerLease }
}

function logAgentLine({ logger }: Log, { level, text, error, ...where }: LogLine): void {
  logger[level](error === undefined ? where : { ...where, err: error }, text)
}
