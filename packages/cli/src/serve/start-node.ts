/**
 * The composition root: puts a server and an agent worker on a store, or one of them without the other.
 *
 * Every node has a worker, because a worker also knows who serves what, and ends what nobody serves: a gateway's has no
 * graphs. Every node has a port, because it has to be asked how it is: an agent node's has pages only.
 *
 * What was opened is closed in the opposite order, also when a later step fails: a data folder must not
 * stay occupied because a port was in use.
 */
import { AgentWorker } from "@everthread/agent/worker"
import type { Clock, Random } from "@everthread/protocol"
import { createMetrics, type Metrics, startPages, startServer } from "@everthread/server"
import { createAuthenticator } from "@everthread/server/auth"
import type { Config } from "@everthread/server/config"
import type { Log } from "@everthread/server/logging"
import type { AgentSource } from "./agent-source.ts"
import { lateHistory } from "./late-history.ts"
import { type OpenedStore, openStore } from "./open-store.ts"
import { logLine, workerOptions } from "./worker-options.ts"

export interface NodeParts {
  readonly config: Config
  /** For a node of the role `gateway` it means nothing. */
  readonly source: AgentSource
  readonly log: Log
  readonly clock: Clock
  readonly random: Random
  /** The folder of the web app as it was built; without one browsers are shown none. */
  readonly webApp?: string | undefined
}

export interface RunningNode {
  readonly port: number
  /** Every agent that is served, as this node knew when it was ready: its own in front. */
  readonly agents: readonly string[]
  /** Those that were served lately, and are not at the moment. */
  readonly agentsAway: readonly string[]
  readonly engine: string
  /** Open connections; none on a node that only runs agents. */
  connections(): number
  /** Drains: everybody is told to come back elsewhere, and the runs are handed over. */
  stop(): Promise<void>
}

const nodeIdChars = 8

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
export async function startNodeOn(store: OpenedStore, parts: NodeParts): Promise<RunningNode> {
  const { config, clock, random, log } = parts
  const { engine } = store
  const node = config.serverId ?? `node-${random.id(nodeIdChars)}`
  const graphs = await graphsOf(store, parts)
  const metrics = config.metrics.enabled ? createMetrics(clock) : undefined
  const worker = new AgentWorker({
    engine,
    graphs,
    node,
    clock,
    random,
    options: workerOptions(config),
    log: (line) => logLine(log, line),
    observer: metrics?.worker,
  })
  metrics?.watchWorker(worker)
  // Before anybody is welcomed: they are told which agents there are.
  await worker.lookAround()
  const served = { node, worker, graphs, metrics }
  const port = config.role === "agent" ? await openPages(store, parts, served) : await openServer(store, parts, served)
  // The port first: nothing may be claimed by a node that turns out to have none.
  await worker.start().catch(async (error: unknown) => {
    await port.drain(0)
    await port.close()
    throw error
  })
  const stop = async () => {
    await Promise.all([port.drain(config.drainTimeoutMs), worker.drain(config.drainTimeoutMs)])
    await port.close()
  }
  const { agents: known, agentsServed: agents } = worker
  const agentsAway = known.filter((name) => !agents.includes(name))
  const { connections } = port
  return { port: port.port, agents, agentsAway, engine: engine.description, connections, stop }
}

type Graphs = ConstructorParameters<typeof AgentWorker>[0]["graphs"]

/** What the port shows, beside what the node was started with. */
interface Served {
  readonly node: string
  readonly worker: AgentWorker
  readonly graphs: Graphs
  readonly metrics: Metrics | undefined
}

interface OpenPort {
  readonly port: number
  connections(): number
  /** It tells everybody that the node is leaving. */
  drain(timeoutMs: number): Promise<void>
  close(): Promise<void>
}

/** A gateway loads none, and not what loads them either: it is there in a fraction of the time. */
async function graphsOf({ saver }: OpenedStore, { config, source, clock }: NodeParts): Promise<Graphs> {
  if (config.role === "gateway") return new Map()
  const { loadAgents } = await import("./load-agents.ts")
  return loadAgents(source, { saver: await saver(), clock })
}

async function openPages(
  { engine }: OpenedStore,
  { config, log }: NodeParts,
  { node, metrics }: Served,
): Promise<OpenPort> {
  const pages = await startPages({ config, engine, log: log.logger, node, metrics })
  return { port: pages.port, connections: () => 0, drain: async () => pages.drain(), close: pages.close }
}

async function openServer({ engine, saver }: OpenedStore, parts: NodeParts, served: Served): Promise<OpenPort> {
  const { config, clock, random, log } = parts
  const { node, worker, graphs, metrics } = served
  const authenticator = await createAuthenticator(config.auth, clock)
  const agents = {
    get names() {
      return worker.agents
    },
    lookAgain: () => worker.lookAround(),
  }
  const checkpoints = lateHistory({ saver, graphs, clock })
  const server = await startServer({
    config,
    engine,
    authenticator,
    clock,
    random,
    log: log.logger,
    agents,
    checkpoints,
    node,
    metrics,
    webApp: parts.webApp,
  })
  // When its last connection has gone, so has the port.
  return { port: server.port, connections: server.connections, drain: server.drain, close: async () => {} }
}
