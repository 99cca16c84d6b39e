/** A node for tests of the simple protocol: an engine in a folder of its own, and a server with a clock that skips. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Engine } from "@everthread/engine"
import { openEmbeddedEngine } from "@everthread/engine-embedded"
import { systemRandom } from "@everthread/protocol"
import { createAuthenticator, mintToken } from "../../../src/auth/index.ts"
import { type Config, loadConfig } from "../../../src/config/index.ts"
import { startServer } from "../../../src/start-server.ts"
import { recordingLog } from "../../support/quiet-log.ts"
import { type Frame, SimpleClient } from "./simple-client.ts"
import { SkippingClock } from "./skipping-clock.ts"

export interface Settings {
  readonly websocket?: Partial<Config["websocket"]>
  readonly sends?: number
  readonly changes?: number
  /** Turns authentication on. */
  readonly secret?: string
  readonly agents?: readonly string[]
}

export interface SimpleNode {
  readonly clock: SkippingClock
  readonly engine: Engine
  readonly port: number
  /** A client that has said nothing yet. */
  open(options?: { readonly pongs?: boolean; readonly path?: string }): Promise<SimpleClient>
  /** A client that was greeted. */
  connect(user: string, device: string, hello?: object): Promise<SimpleClient & { readonly greeting: Frame }>
  token(user: string, ttlMs?: number): Promise<string>
  /** Another node on the same engine, which has seen nothing yet. */
  again(): Promise<StoppableNode>
}

export type StoppableNode = SimpleNode & { stop(): Promise<void> }

const manyMax = 100_000

async function startSimpleNode(settings: Settings): Promise<StoppableNode> {
  const clock = new SkippingClock()
  const folder = mkdtempSync(join(tmpdir(), "everthread-simple-"))
  const engine = await openEmbeddedEngine({ folder, clock })
  const node = await startOn(engine, clock, settings)
  return {
    ...node,
    async stop() {
      await node.stop()
      await engine.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startOn(engine: Engine, clock: SkippingClock, settings: Settings): Promise<StoppableNode> {
  const config = configOf(settings)
  const authenticator = await createAuthenticator(config.auth, clock)
  const parts = { config, engine, authenticator, clock, random: systemRandom, log: recordingLog() }
  const server = await startServer({ ...parts, agents: { names: settings.agents ?? ["scribe"] }, node: "node-1" })
  const clients: SimpleClient[] = []
  const open: SimpleNode["open"] = async ({ pongs = true, path = "/ws" } = {}) => {
    const client = await SimpleClient.open(`ws://127.0.0.1:${server.port}${path}`, { pongs })
    clients.push(client)
    return client
  }
  return {
    clock,
    engine,
    port: server.port,
    open,
    async connect(user, device, hello) {
      const client = await open()
      const greeting = await client.hello(user, device, hello)
      if (greeting.type !== "system") throw new Error(`not greeted: ${JSON.stringify(greeting)}`)
      return Object.assign(client, { greeting })
    },
    token: (user, ttlMs = 60_000) => mintToken({ user, secret: settings.secret ?? "", ttlMs }, clock),
    again: () => startOn(engine, clock, settings),
    async stop() {
      for (const client of clients) client.socket.terminate()
      await server.drain(1_000)
    },
  }
}

function configOf({ websocket, sends = manyMax, changes = manyMax, secret }: Settings): Config {
  const { config } = loadConfig({ env: {}, flags: {} })
  return {
    ...config,
    websocket: { ...config.websocket, port: 0, ...websocket },
    rateLimit: { sends, changes, windowMs: 60_000 },
    auth: { ...config.auth, keys: secret === undefined ? { mode: "off" } : { mode: "secret", secret } },
  }
}

/** A node for the tests of one file or one block. */
export function simpleNode(settings: Settings = {}): () => SimpleNode {
  let node: StoppableNode | undefined
  beforeAll(async () => {
    node = await startSimpleNode(settings)
  })
  afterAll(() => node?.stop())
  return () => {
    if (!node) throw new Error("The node is there within tests only.")
    return node
  }
}

let made = 0
/** A name that no other test of this file uses. */
export const fresh = (what: string): string => `${what}${++made}`
