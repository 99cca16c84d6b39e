/** A whole node for one test: an embedded engine in a folder of its own, and a server on a free port. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Engine } from "@everthread/engine"
import { openEmbeddedEngine } from "@everthread/engine-embedded"
import { systemClock, systemRandom } from "@everthread/protocol"
import { createAuthenticator, mintToken } from "../../src/auth/index.ts"
import { type Config, loadConfig } from "../../src/config/index.ts"
import type { Agents } from "../../src/core/core.ts"
import { createMetrics } from "../../src/metrics/index.ts"
import { type RunningServer, startServer } from "../../src/start-server.ts"
import { type Hello, NativeClient } from "./native-client.ts"
import { type RecordingLog, recordingLog } from "./quiet-log.ts"

export interface NodeOverrides {
  readonly websocket?: Partial<Config["websocket"]>
  readonly rateLimit?: Partial<Config["rateLimit"]>
  readonly retention?: Partial<Config["retention"]>
  /** Turns authentication on. */
  readonly secret?: string
  readonly audience?: string
  readonly agents?: readonly string[] | Agents
  /** A node beside another one: on its engine. */
  readonly engine?: Engine
  readonly wrapEngine?: (engine: Engine) => Engine
  readonly node?: string
  /** Measures, and shows it at `/metrics`. */
  readonly metrics?: { readonly token?: string }
}

export interface TestNode {
  readonly port: number
  readonly engine: Engine
  readonly server: RunningServer
  readonly log: RecordingLog
  /** A device that has said hello and was welcomed. */
  connect(hello: Partial<Hello> & { readonly user: string }): Promise<NativeClient>
  /** A device that has said nothing yet. */
  open(options?: { readonly path?: string; readonly origin?: string }): Promise<NativeClient>
  token(user: string, options?: { readonly ttlMs?: number; readonly audience?: string }): Promise<string>
  stop(): Promise<void>
}

const generous = { rateLimit: { sends: 100_000, changes: 100_000, windowMs: 60_000 } }

export async function startNode(overrides: NodeOverrides = {}): Promise<TestNode> {
  const { agents = [] } = overrides
  const { config: defaults } = loadConfig({ env: {}, flags: {} })
  const config: Config = {
    ...defaults,
    websocket: { ...defaults.websocket, port: 0, ...overrides.websocket },
    rateLimit: { ...generous.rateLimit, ...overrides.rateLimit },
    retention: { ...defaults.retention, ...overrides.retention },
    metrics: { enabled: overrides.metrics !== undefined, token: overrides.metrics?.token },
    auth: {
      ...defaults.auth,
      audience: overrides.audience,
      keys: overrides.secret === undefined ? { mode: "off" } : { mode: "secret", secret: overrides.secret },
    },
  }
  const log = recordingLog()
  const folder = overrides.engine ? undefined : mkdtempSync(join(tmpdir(), "everthread-server-"))
  const opened = overrides.engine ?? (await openEmbeddedEngine({ folder: folder as string }))
  const engine = overrides.wrapEngine?.(opened) ?? opened
  const server = await startServer({
    config,
    engine,
    authenticator: await createAuthenticator(config.auth, systemClock),
    clock: systemClock,
    random: systemRandom,
    log,
    agents: "names" in agents ? agents : { names: agents },
    node: overrides.node ?? "node-a",
    metrics: config.metrics.enabled ? createMetrics(systemClock) : undefined,
  })
  const clients: NativeClient[] = []
  const track = async (opening: Promise<NativeClient>) => {
    const client = await opening
    clients.push(client)
    return client
  }
  return {
    port: server.port,
    engine,
    server,
    log,
    connect: (hello) => track(NativeClient.connect(server.port, { device: "phone", ...hello })),
    open: (options) => track(NativeClient.open(server.port, options)),
    token: (user, { ttlMs = 60_000, audience } = {}) =>
      mintToken({ user, secret: overrides.secret ?? "", ttlMs, audience }, systemClock),
    async stop() {
      for (const client of clients) client.cut()
      await server.drain(1_000)
      if (overrides.engine) return
      await engine.close()
      if (folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A node for the tests of one file, started before them and stopped after them. */
export function nodeForTests(overrides: NodeOverrides = {}): () => TestNode {
  let node: TestNode | undefined
  beforeAll(async () => {
    node = await startNode(overrides)
  })
  afterAll(() => node?.stop())
  return () => {
    if (!node) throw new Error("The node is there within tests only.")
    return node
  }
}
