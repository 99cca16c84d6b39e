/** A node: the product's core, connections and agent worker, on a simulated engine and simulated sockets. */
import { AgentWorker, defaultAgentOptions, type LoadedGraph } from "@everthread/agent/worker"
import { wireError } from "@everthread/protocol"
import {
  Connection,
  type ConnectionLimits,
  Connections,
  createCore,
  type Gateway,
  relayPresence,
  type Socket,
  type SocketEvents,
  Tick,
} from "@everthread/server/parts"
import type { SimEngine } from "../engine/sim-engine.ts"
import type { StoreLink } from "../engine/store-link.ts"
import type { Host } from "../world/host.ts"

export interface SimNodeSetup {
  readonly name: string
  readonly host: Host
  readonly link: StoreLink
  readonly engine: SimEngine
  readonly gateway: Gateway
  readonly graphs: readonly LoadedGraph[]
  readonly compaction?: NonNullable<Parameters<typeof createCore>[0]["compaction"]>
  readonly log: (level: string, text: string, error: unknown) => void
}

export const heartbeatMs = 2_000
const mebibyte = 1_048_576
const limits: ConnectionLimits = {
  heartbeatMs,
  frameBytesMax: mebibyte,
  subscriptionsMax: 100,
  connectionsPerUserMax: 100,
  outboxBytesMax: mebibyte,
  outboxCoalesceBytes: 65_536,
  assemblyMs: 30_000,
  sessionTtlMs: 60_000,
}
/** Shorter than in a deployment, as everything is here: virtual time costs the more the longer a run lasts. */
export const agentOptions = {
  ...defaultAgentOptions,
  heartbeatMs: 250,
  leaseTtlMs: 1_000,
  pollMs: 500,
  deltaWindowMs: 25,
  retryMs: 20,
  retryMsMax: 400,
  attemptsMax: 100,
  missingAfterMs: 60_000,
}
const drainMs = 1_000
const connectionIdChars = 12

export class SimNode {
  readonly name: string
  readonly host: Host
  readonly link: StoreLink
  readonly engine: SimEngine
  readonly #connections: Connections
  readonly #tick: Tick
  readonly #gateway: Gateway
  readonly #core: ReturnType<typeof createCore>
  readonly #worker: AgentWorker
  #isDraining = false

  constructor({ name, host, link, engine, gateway, graphs, compaction, log }: SimNodeSetup) {
    this.name = name
    this.host = host
    this.link = link
    this.engine = engine
    this.#gateway = gateway
    const { clock, random } = host
    this.#connections = new Connections({ clock, heartbeatMs, helloTimeoutMs: 5_000 })
    this.#tick = new Tick(clock)
    this.#worker = new AgentWorker({
      engine,
      graphs: new Map(graphs.map((graph) => [graph.name, graph])),
      node: name,
      clock,
      random,
      options: agentOptions,
      log: ({ level, text, error }) => log(level, text, error),
    })
    const said = (level: string) => (fields: object, text: string) =>
      log(level, text, "err" in fields ? fields.err : undefined)
    this.#core = createCore({
      node: name,
      engine,
      clock,
      random,
      log: { debug: said("debug"), info: said("info"), warn: said("warn"), error: said("error") },
      agents: { names: graphs.map(({ name }) => name) },
      authenticator: { required: false },
      config: {
        rateLimit: { sends: 1_000, changes: 1_000, windowMs: 1_000 },
        retention: { daysMax: 0, messagesMax: 0 },
      },
      connections: () => this.#connections.size,
      ...(compaction && { compaction }),
    })
    relayPresence(this.#core)
    void this.#start()
  }

  /** Until the store can be asked, it tries again. */
  async #start(): Promise<void> {
    try {
      await this.#worker.start()
    } catch {
      this.host.after(agentOptions.retryMsMax, () => void this.#start())
    }
  }

  get isServing(): boolean {
    return !this.host.isDead && !this.#isDraining
  }

  accept(socket: Socket): SocketEvents | undefined {
    if (!this.isServing) return undefined
    const connection = new Connection({
      id: this.host.random.id(connectionIdChars),
      core: this.#core,
      socket,
      gateway: this.#gateway,
      opening: { url: "/v1", headers: {} },
      authenticator: { required: false, verify: async () => ({ ok: false, error: wireError("unauthorized") }) },
      tick: this.#tick,
      limits,
      registry: this.#connections,
    })
    this.#connections.add(connection)
    return connection
  }

  /** Leaves in good order, as on SIGTERM. */
  async drain(): Promise<void> {
    this.#isDraining = true
    this.#connections.drain()
    this.#connections.stop()
    await this.#worker.drain(drainMs)
    this.#core.hub.close()
    await this.engine.close()
  }
}
