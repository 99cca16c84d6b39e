/**
 * Three nodes of one store, for whatever stands in front of them. Which store it is and how nodes come to share it is
 * decided in `openStore` alone.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Engine } from "@everthread/engine"
import { openEmbeddedEngine } from "@everthread/engine-embedded"
import { systemClock, systemRandom } from "@everthread/protocol"
import { startServer } from "@everthread/server"
import { createAuthenticator } from "@everthread/server/auth"
import { type Config, loadConfig } from "@everthread/server/config"
import { recordingLog } from "../../../packages/server/test/support/quiet-log.ts"

export interface Node {
  readonly name: string
  readonly port: number
  /** Open connections. */
  connections(): number
  /** In good order, as on SIGTERM. */
  stop(): Promise<void>
  /** Again, on the same port, after it was stopped. */
  start(): Promise<void>
}

export interface Nodes {
  readonly ports: readonly [number, number, number]
  named(name: unknown): Node
  stop(): Promise<void>
}

interface Store {
  /** The engine of one more node. */
  engine(): Promise<Engine>
  close(): Promise<void>
}

async function openStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), "everthread-deploy-"))
  const engine = await openEmbeddedEngine({ folder })
  return {
    engine: async () => engine,
    async close() {
      await engine.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function startNodes(websocket: Partial<Config["websocket"]> = {}): Promise<Nodes> {
  const store = await openStore()
  const config = configOf(websocket)
  const [first, second, third] = [
    await startNode("node-1", config, await store.engine()),
    await startNode("node-2", config, await store.engine()),
    await startNode("node-3", config, await store.engine()),
  ]
  const all = [first, second, third]
  return {
    ports: [first.port, second.port, third.port],
    named(name) {
      const node = all.find((candidate) => candidate.name === name)
      if (!node) throw new Error(`no node is called ${name}`)
      return node
    },
    async stop() {
      await Promise.all(all.map((node) => node.stop()))
      await store.close()
    },
  }
}

function configOf(websocket: Partial<Config["websocket"]>): Config {
  const { config } = loadConfig({ env: {}, flags: {} })
  return {
    ...config,
    websocket: { ...config.websocket, port: 0, ...websocket },
    rateLimit: { sends: 100_000, changes: 100_000, windowMs: 60_000 },
  }
}

const drainTimeoutMs = 1_000

async function startNode(name: string, config: Config, engine: Engine): Promise<Node> {
  const authenticator = await createAuthenticator(config.auth, systemClock)
  const start = (port: number) =>
    startServer({
      config: { ...config, websocket: { ...config.websocket, port } },
      engine,
      authenticator,
      clock: systemClock,
      random: systemRandom,
      log: recordingLog(),
      agents: { names: [] },
      node: name,
    })
  const first = await start(config.websocket.port)
  let running: typeof first | undefined = first
  return {
    name,
    port: first.port,
    connections: () => running?.connections() ?? 0,
    async stop() {
      await running?.drain(drainTimeoutMs)
      running = undefined
    },
    async start() {
      running = await start(first.port)
    },
  }
}
