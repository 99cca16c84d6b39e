/**
 * Puts a node together: core, gateways, HTTP. The only file that knows all of them.
 *
 * `drain` is a thing of its own: no new connection, the devices told to come back elsewhere, what is under
 * way finished, then closed. (SPEC CON4)
 */
import { createServer, type Server } from "node:http"
import type { Duplex } from "node:stream"
import type { Engine } from "@everthread/engine"
import type { Clock, Random } from "@everthread/protocol"
import { WebSocketServer } from "ws"
import type { Authenticator } from "./auth/index.ts"
import type { Config } from "./config/index.ts"
import { Connection, type ConnectionLimits, helloBytesMax } from "./connection/connection.ts"
import { Connections } from "./connection/connections.ts"
import type { OutboxBounds } from "./connection/outbox.ts"
import { Tick } from "./connection/tick.ts"
import type { CheckpointHistory } from "./core/checkpoint-history.ts"
import { type Agents, type Core, freshIdChars } from "./core/core.ts"
import { createCore } from "./core/create-core.ts"
import type { Log } from "./core/log-sink.ts"
import { relayPresence } from "./core/presence-facts.ts"
import { RetentionSweep } from "./core/retention-sweep.ts"
import { AgUiApi, agUiName } from "./gateways/ag-ui/api.ts"
import { aiSdkGateway } from "./gateways/ai-sdk/gateway.ts"
import type { Gateway } from "./gateways/gateway.ts"
import type { Measure } from "./gateways/http/event-stream-response.ts"
import { langgraphGateway } from "./gateways/langgraph/gateway.ts"
import { LangGraphApi } from "./gateways/langgraph/http/api.ts"
import { nativeGateway } from "./gateways/native/gateway.ts"
import { simpleGateway } from "./gateways/simple/gateway.ts"
import { Handshakes } from "./http/handshakes.ts"
import { listen } from "./http/listen.ts"
import { answer, type Pages } from "./http/pages.ts"
import { ServedWebSocket } from "./http/served-web-socket.ts"
import { type Access, refuseUpgrade, route } from "./http/upgrade.ts"
import { readWebApp } from "./http/web-app.ts"
import { WsSocket } from "./http/ws-socket.ts"
import type { Metrics } from "./metrics/create-metrics.ts"

export interface ServerOptions {
  readonly config: Config
  readonly engine: Engine
  readonly authenticator: Authenticator
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly agents: Agents
  /** Agents' checkpoints, for people to look at and to fork from; `undefined`: this node shows none. */
  readonly checkpoints?: CheckpointHistory | undefined
  /** This node's name: the agent worker beside it uses the same. */
  readonly node: string
  /** Who measures, and is shown at `/metrics`; `undefined`: nobody, and there is no such page. */
  readonly metrics?: Metrics | undefined
  /** The folder of the web app as it was built; without one browsers are shown none. */
  readonly webApp?: string | undefined
}

export interface RunningServer {
  readonly host: string
  readonly port: number
  /** Open connections. */
  connections(): number
  drain(timeoutMs: number): Promise<void>
}

const gateways: readonly Gateway[] = [nativeGateway, simpleGateway, langgraphGateway, aiSdkGateway]

/** Pieces that one message may come in: a honest client needs one. */
const fragmentsMax = 1_024
const bufferedChunksMax = 8_192
/** Connections that may be open and have said no hello: what strangers can make this node hold is bounded by it. */
const greetingMax = 4_096
/** How long a message may take from its first byte to its last. */
const assemblyMs = 30_000
const outboxCoalesceBytes = 65_536

/** @throws ListenError if the port cannot be bound. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, clock, metrics, log } = options
  const connections = new Connections({ clock, ...config.websocket, heartbeatMs: config.websocket.heartbeatIntervalMs })
  const core = createCore({ ...options, connections: () => connections.size, ...(metrics && { meter: metrics.meter }) })
  metrics?.watchEngine(options.engine)
  const stopMeasuring = metrics?.watchNode({
    gateways: [...gateways.map(({ name }) => name), agUiName],
    connections: () => connections.size,
    conversations: () => core.hub.size,
    traffic: () => connections.traffic(),
  })
  let isDraining = false
  const pages: Pages = {
    health: () => ({ node: core.node, isDraining, engine: options.engine.status() }),
    sockets: Object.fromEntries(gateways.map(({ name, paths }) => [name, paths[0] ?? ""])),
    metrics: metrics && { metrics, token: config.metrics.token, log },
    app: options.webApp === undefined ? undefined : readWebApp(options.webApp),
    token: options.authenticator.required,
  }
  const tick = new Tick(clock)
  const apis = stockApis(options, core, tick, (stream) => connections.measure(stream))
  const http = createServer((request, response) => {
    const api = apis.find((candidate) => candidate.serves(request))
    if (api) void api.answer(request, response)
    else answer(request, response, pages)
  })
  acceptWebSockets(http, options, core, connections, tick, () => isDraining)
  const address = await listen(http, config.websocket.host, config.websocket.port).catch((error: unknown) => {
    connections.stop()
    core.hub.close()
    stopMeasuring?.()
    throw error
  })
  const stopRelaying = relayPresence(core)
  const stopTelling = options.engine.directory.onChanged((...changed) => connections.tellMembership(...changed))
  const sweep = sweepOf(core, config)
  sweep?.start()
  return {
    ...address,
    connections: () => connections.size,
    async drain(timeoutMs) {
      isDraining = true
      sweep?.stop()
      for (const api of apis) api.drain()
      await closeAll(http, connections, clock, timeoutMs)
      connections.stop()
      stopRelaying()
      stopTelling()
      core.hub.close()
      stopMeasuring?.()
    },
  }
}

function sweepOf({ engine, clock, random, logger, enforceRetention: enforce }: Core, { retention }: Config) {
  if (!enforce) return undefined
  return new RetentionSweep({ directory: engine.directory, enforce, clock, random, logger, everyMs: retention.sweepMs })
}

function accessOf({ authenticator, config }: ServerOptions): Access {
  return { authRequired: authenticator.required, origins: config.websocket.origins }
}

function outboxBounds({ websocket: { outboxBytesMax } }: Config): OutboxBounds {
  return { outboxBytesMax, outboxCoalesceBytes: Math.min(outboxCoalesceBytes, outboxBytesMax / 2) }
}

/** What stock clients ask over HTTP. */
function stockApis(
  options: ServerOptions,
  core: Core,
  tick: Tick,
  measure: Measure,
): readonly (LangGraphApi | AgUiApi)[] {
  const { config, authenticator } = options
  const common = {
    core,
    authenticator,
    access: accessOf(options),
    tick,
    bounds: outboxBounds(config),
    streamsPerUserMax: config.websocket.connectionsPerUserMax,
    measure,
  }
  return [new LangGraphApi({ ...common, bodyBytesMax: config.websocket.frameBytesMax }), new AgUiApi(common)]
}

function acceptWebSockets(
  http: Server,
  options: ServerOptions,
  core: Core,
  connections: Connections,
  tick: Tick,
  isDraining: () => boolean,
): void {
  const { config, authenticator, random } = options
  const access = accessOf(options)
  const limits: ConnectionLimits = {
    ...config.websocket,
    ...outboxBounds(config),
    heartbeatMs: config.websocket.heartbeatIntervalMs,
    assemblyMs,
  }
  const upgrades = new WebSocketServer({
    WebSocket: ServedWebSocket,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytesMax,
    maxFragments: fragmentsMax,
    maxBufferedChunks: bufferedChunksMax,
  })
  const handshakes = new Handshakes(core.clock)
  http.on("upgrade", (request, network: Duplex, head) => {
    network.on("error", () => network.destroy())
    if (isDraining()) return refuseUpgrade(network, "503 Service Unavailable", "This node is shutting down.")
    const way = route(request, gateways, access)
    if (way.kind === "refused") return refuseUpgrade(network, way.status, way.text)
    if (connections.greeting + handshakes.waiting >= greetingMax)
      return refuseUpgrade(network, "503 Service Unavailable", "Too many at once.")
    const greet = (webSocket: ServedWebSocket) => {
      const socket = new WsSocket(webSocket, network)
      const id = random.id(freshIdChars)
      const { gateway } = way
      const connection = new Connection({
        id,
        core,
        socket,
        gateway,
        opening: { url: request.url ?? "/", headers: request.headers },
        authenticator,
        tick,
        limits,
        registry: connections,
      })
      connections.add(connection)
      limitGreeting(network, connection)
      socket.attach(connection)
    }
    handshakes.add(() => {
      if (isDraining()) refuseUpgrade(network, "503 Service Unavailable", "This node is shutting down.")
      else upgrades.handleUpgrade(request, network, head, greet)
    })
  })
}

/** A stranger may send a hello, and not make this node hold the beginning of a large frame. */
function limitGreeting(network: Duplex, connection: Connection): void {
  let bytes = 0
  const look = (chunk: Buffer) => {
    bytes += chunk.length
    if (connection.isGreeting && bytes <= helloBytesMax) return
    network.off("data", look)
    if (connection.isGreeting) connection.tooLarge()
  }
  network.on("data", look)
}

/** Says goodbye to everybody and waits until they are gone, but not longer than asked. */
async function closeAll(http: Server, connections: Connections, clock: Clock, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()))
  connections.drain()
  http.closeIdleConnections()
  const deadline = new Promise<void>((resolve) => void clock.startTimer(timeoutMs, resolve))
  await Promise.race([closed, deadline])
  http.closeAllConnections()
}
