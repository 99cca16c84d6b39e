/** A real Redis or Valkey server of a test's own, which can be frozen, killed and started again. */
import { rm } from "node:fs/promises"
import { certificates } from "./certificates.ts"
import type { FaultyDisk } from "./faulty-disk.ts"
import type { Flavour } from "./flavours.ts"
import { type Launched, launch, launchAnywhere, type ServerPlan } from "./launch.ts"
import { RespConnection } from "./resp-connection.ts"
import { type Reply, textOf } from "./resp-reply.ts"
import { configDefault, passwordConfig, type RedisConfig } from "./server-config.ts"
import type { ProcessState, ServerProcess } from "./server-process.ts"
import { until } from "./until.ts"

export interface RedisOptions {
  readonly flavour?: Flavour
  /** Directives beside `configDefault`, or instead of its own. */
  readonly config?: RedisConfig
  /** Of the default user, which has to stay one that may do everything. */
  readonly password?: string
  /** Further users, as redis.conf names them: `worker on >secret ~* &* +@all`. */
  readonly users?: readonly string[]
  /** Serve TLS only, with a certificate for 127.0.0.1; clients have to trust `ca`. */
  readonly tls?: boolean
  /** A disk that can be made to fail. */
  readonly disk?: FaultyDisk | undefined
}

/** Starts a server in a fresh folder. Whatever happens to this process, the server does not outlive it. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const { flavour = "redis", config = {}, password, users = [], tls = false, disk } = options
  return RedisServer.start({
    flavour,
    role: "server",
    config: { ...configDefault, ...passwordConfig(password), user: users, ...config },
    password,
    certificates: tls ? await certificates() : undefined,
    disk,
  })
}

export class RedisServer {
  readonly port: number
  /** Its data, its configuration `server.conf` and what it prints, `log`. */
  readonly folder: string
  readonly plan: ServerPlan
  #process: ServerProcess
  #connection: RespConnection | undefined
  #opening: Promise<RespConnection> | undefined

  private constructor(plan: ServerPlan, { port, folder, process }: Launched) {
    this.plan = plan
    this.port = port
    this.folder = folder
    this.#process = process
  }

  static async start(plan: ServerPlan): Promise<RedisServer> {
    return new RedisServer(plan, await launchAnywhere(plan))
  }

  /** With the password, where there is one. */
  get url(): string {
    const { password, certificates } = this.plan
    const credentials = password === undefined ? "" : `:${encodeURIComponent(password)}@`
    return `${certificates ? "rediss" : "redis"}://${credentials}127.0.0.1:${this.port}`
  }

  /** The certificate authority to trust, as PEM text; `undefined` without TLS. */
  get ca(): string | undefined {
    return this.plan.certificates?.ca
  }

  /** Under it, where it can be made to fail. */
  get disk(): FaultyDisk | undefined {
    return this.plan.disk
  }

  get state(): ProcessState {
    return this.#process.state
  }

  get pid(): number {
    return this.#process.pid
  }

  /** @throws ReplyError when the server refuses; another error when it does not answer within five seconds. */
  async command(...args: readonly (string | number)[]): Promise<Reply> {
    return (await this.#connected()).send(...args)
  }

  /** Like `command`, with the reply as `redis-cli --raw` prints it. */
  async cli(...args: readonly (string | number)[]): Promise<string> {
    return textOf(await this.command(...args))
  }

  /** Stops it where it is (SIGSTOP): connections stay open and nothing answers. */
  freeze(): Promise<void> {
    return this.#process.freeze()
  }

  thaw(): void {
    this.#process.thaw()
  }

  /** Ends it without a chance to write anything (SIGKILL). Its folder and port stay its own for `restart`. */
  async kill(): Promise<void> {
    await this.#process.kill()
    this.#connection?.close()
  }

  /** Starts it again with its port, its folder and whatever it has written to its configuration; kills it before. */
  async restart(): Promise<void> {
    await this.kill()
    this.#process = await until(`port ${this.port} to be free again`, () => launch(this.plan, this.folder, this.port))
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.kill()
    // Its killed children may still be on their way out.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
  }

  async #connected(): Promise<RespConnection> {
    if (this.#connection?.isOpen) return this.#connection
    const target = { port: this.port, password: this.plan.password, ca: this.ca }
    this.#opening ??= RespConnection.open(target).finally(() => {
      this.#opening = undefined
    })
    this.#connection = await this.#opening
    return this.#connection
  }
}
