/**
 * A node as it is in production: `everthread serve` in a process of its own, which can be frozen, killed and started
 * again. Whatever happens to this process, the node does not outlive it.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rootFolder } from "../servers/server-folders.ts"
import { logOf, ServerProcess } from "../servers/server-process.ts"
import { Hopeless, until } from "../servers/until.ts"
import { NodeClock } from "./node-clock.ts"
import { NodeHold } from "./node-hold.ts"

const bin = fileURLToPath(new URL("../../../cli/bin/everthread.mjs", import.meta.url))
const agent = fileURLToPath(new URL("../../agents/reciter.mjs", import.meta.url))
export const agentName = "reciter"

export interface NodeOptions {
  readonly name: string
  /** Without one its store is a folder of its own, which it finds again when it is started again. */
  readonly redis?: string
  /** How long it may be silent before its runs are taken over, in seconds. */
  readonly leaseSeconds: number
  /** What an ack means on Redis: the level of the configuration. */
  readonly durability?: string
  /** Other agents than the reciter: the name of each, and its file. */
  readonly agents?: Readonly<Record<string, string>>
  /** What it does, where not everything. */
  readonly role?: "gateway" | "agent"
  /** All that is in its environment beside PATH. */
  readonly env?: Readonly<Record<string, string>>
  /** Whether its wall clock can be set and its event loop held up, see `clock` and `hold`. */
  readonly levers?: boolean
  /** How often a run is tried at one place. */
  readonly attempts?: number
  /** How long it may take to end in good order, in seconds. */
  readonly drainSeconds?: number
}

export class FaultNode {
  readonly name: string
  /** Where it has levers. */
  readonly clock: NodeClock | undefined
  readonly hold: NodeHold | undefined
  readonly #options: NodeOptions
  readonly #folder: string
  #process: ServerProcess | undefined
  #url: string | undefined

  constructor(options: NodeOptions) {
    this.name = options.name
    this.#options = options
    this.clock = options.levers ? new NodeClock(options.name) : undefined
    this.hold = options.levers ? new NodeHold(options.name) : undefined
    this.#folder = join(rootFolder(), `node-${options.name}`)
    mkdirSync(this.#folder, { recursive: true })
    // JSON is YAML.
    writeFileSync(join(this.#folder, "everthread.yaml"), JSON.stringify(configOf(options)))
  }

  /** Where it was when it last started; `undefined` before that. */
  get url(): string | undefined {
    return this.#url
  }

  /** Its data, where its store is a folder. Nobody else may open it while the node is up. */
  get dataFolder(): string {
    return join(this.#folder, "data")
  }

  get isUp(): boolean {
    return this.#process?.state === "running" && this.#url !== undefined
  }

  get state(): "up" | "down" | "paused" {
    if (this.#process?.state === "frozen") return "paused"
    return this.isUp ? "up" : "down"
  }

  /** Resolves when it serves. A node that was there before is killed. */
  async start(): Promise<void> {
    await this.kill()
    // Nothing of this shell's environment: a secret or a port that is set there is meant for another server.
    const env = Object.entries({ PATH: process.env["PATH"], ...this.#env }).map((pair) => pair.join("="))
    const args = ["-i", ...env, process.execPath, bin, "serve", "--config", "everthread.yaml"]
    const started = await ServerProcess.start("env", args, this.#folder)
    this.#process = started
    this.#url = await until(`node ${this.name} to serve`, async () => {
      const said = await this.said()
      if (started.state === "ended") throw new Hopeless(`node ${this.name} ended: ${said}`)
      return said.includes("\n\n") ? /ws:\/\/[\w.:]+/.exec(said)?.[0] : undefined
    })
  }

  get #env(): Readonly<Record<string, string>> {
    const all = [this.clock?.env, this.hold?.env, this.#options.env].flatMap((env) => (env ? [env] : []))
    const preloads = all.flatMap(({ NODE_OPTIONS }) => (NODE_OPTIONS === undefined ? [] : [NODE_OPTIONS]))
    const merged: Record<string, string> = Object.assign({}, ...all)
    return preloads.length === 0 ? merged : { ...merged, NODE_OPTIONS: preloads.join(" ") }
  }

  /** Everything it has printed since it was last started. */
  async said(): Promise<string> {
    return readFile(logOf(this.#folder), "utf8").catch(() => "")
  }

  async kill(): Promise<void> {
    await this.#process?.kill()
    this.#url = undefined
  }

  freeze(): Promise<void> {
    return this.#process?.freeze() ?? Promise.resolve()
  }

  thaw(): void {
    this.#process?.thaw()
  }

  /** Tells it to end in good order, and waits until it has. */
  async drain(): Promise<void> {
    const process_ = this.#process
    if (!process_ || process_.state === "ended") return
    process.kill(process_.pid, "SIGTERM")
    await until(`node ${this.name} to drain`, async () => process_.state === "ended")
    this.#url = undefined
  }
}

function configOf({
  name,
  redis,
  leaseSeconds,
  durability,
  attempts,
  drainSeconds = 2,
  role,
  ...options
}: NodeOptions) {
  const { agents = { [agentName]: agent } } = options
  return {
    // A device has to notice within seconds that a frozen node says nothing any more.
    websocket: { host: "127.0.0.1", port: 0, heartbeat_interval: 1 },
    rate_limit: { sends: 1_000_000, changes: 1_000_000 },
    ...(role === undefined ? {} : { node: { role } }),
    graphs: Object.fromEntries(Object.entries(agents).map(([name, file]) => [name, `${file}:graph`])),
    agent: { lease: leaseSeconds, ...(attempts === undefined ? {} : { attempts }) },
    ...(redis === undefined ? {} : { redis: { url: redis, durability } }),
    system: { server_id: name, log_level: "info" },
    logging: { format: "human" },
    drain: { timeout: drainSeconds },
  }
}
