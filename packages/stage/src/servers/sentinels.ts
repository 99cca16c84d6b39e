/**
 * A master, its replicas and the Sentinels that watch over them.
 *
 * Sentinels learn of each other and of replicas by periods of up to ten seconds; here the periods are short
 * (`SENTINEL DEBUG`), and everything else is as in production. Two cannot be shorter than they are: while the master
 * is down, replicas tell of themselves once a second, and one counts as a successor only if it did so within five ping
 * periods; and four publish periods after a replica was promoted, Sentinels that have not heard why turn it back.
 */
import { type RedisOptions, RedisServer, startRedis } from "./redis-server.ts"
import { follows, startReplica } from "./replica.ts"
import { until } from "./until.ts"

export interface SentinelOptions extends RedisOptions {
  /** Of the Sentinels. */
  readonly count?: number
  /** How many of them have to agree that the master is down. */
  readonly quorum?: number
  /** What they call the master. */
  readonly name?: string
  readonly replicas?: number
  /** How long a silent master counts as alive. */
  readonly downAfterMs?: number
}

/** Sentinels that split their votes try again after twice this time. */
const failoverMsMax = 2_000
const periods = ["INFO-PERIOD", 200, "PING-PERIOD", 300, "ASK-PERIOD", 100, "PUBLISH-PERIOD", 500]

export async function startSentinels(options: SentinelOptions = {}): Promise<SentinelGroup> {
  const { count = 3, quorum = 2, name = "main", replicas = 2, downAfterMs = 1_000, ...redis } = options
  const master = await startRedis(redis)
  const following = await Promise.all(Array.from({ length: replicas }, () => startReplica(master)))
  const config = { sentinel: directives(name, master, quorum, downAfterMs) }
  const start = () =>
    RedisServer.start({ ...master.plan, role: "sentinel", password: undefined, disk: undefined, config })
  const sentinels = await Promise.all(Array.from({ length: count }, start))
  const group = new SentinelGroup(name, [master, ...following], sentinels)
  await Promise.all(sentinels.map((sentinel) => acquainted(sentinel, group)))
  return group
}

function directives(name: string, { port, plan }: RedisServer, quorum: number, downAfterMs: number): readonly string[] {
  return [
    `monitor ${name} 127.0.0.1 ${port} ${quorum}`,
    `down-after-milliseconds ${name} ${downAfterMs}`,
    `failover-timeout ${name} ${failoverMsMax}`,
    ...(plan.password === undefined ? [] : [`auth-pass ${name} ${plan.password}`]),
  ]
}

/** Resolves when the Sentinel knows all that it needs for a failover. */
async function acquainted(sentinel: RedisServer, { name, servers, sentinels }: SentinelGroup): Promise<void> {
  await sentinel.cli("SENTINEL", "DEBUG", ...periods)
  await until("the Sentinels to know each other and the replicas", async () => {
    const known = await sentinel.cli("INFO", "sentinel")
    return known.includes(`status=ok`) && known.includes(`slaves=${servers.length - 1},sentinels=${sentinels.length}`)
  })
  await until("the Sentinels to agree", async () => (await sentinel.cli("SENTINEL", "CKQUORUM", name)).startsWith("OK"))
}

export class SentinelGroup {
  /** What the Sentinels call the master. */
  readonly name: string
  /** The first master, then its replicas. */
  readonly servers: readonly RedisServer[]
  readonly sentinels: readonly RedisServer[]

  constructor(name: string, servers: readonly RedisServer[], sentinels: readonly RedisServer[]) {
    this.name = name
    this.servers = servers
    this.sentinels = sentinels
  }

  /** The running server that is a master and that all running Sentinels name. Waits for it, so after a kill it gives the successor. */
  master(): Promise<RedisServer> {
    return until("the Sentinels to name a running master", async () => {
      const running = this.sentinels.filter(({ state }) => state === "running")
      const named = new Set(await Promise.all(running.map((sentinel) => this.#masterPort(sentinel))))
      const server = this.servers.find(({ state, port }) => state === "running" && named.has(port))
      return named.size === 1 && server && (await server.cli("ROLE")).startsWith("master") && server
    })
  }

  /**
   * Has a replica take the master's place, as an operator does. Resolves when it has.
   *
   * Sentinels that hear of a new master only from each other take it for a replica that went astray, and turn it back
   * within four times the period in which they speak: so that period has to be long for a failover that one of them began.
   */
  async failOver(): Promise<void> {
    const before = await this.master()
    await Promise.all(this.sentinels.map((sentinel) => sentinel.cli("SENTINEL", "DEBUG", "PUBLISH-PERIOD", 2_000)))
    await this.sentinels[0]?.cli("SENTINEL", "FAILOVER", this.name)
    await until("another master", async () => (await this.master()) !== before)
  }

  /** Resolves when every server that runs follows the master and has what it has: then the next failover loses no more than a tail. */
  async settled(): Promise<void> {
    const master = await this.master()
    const others = this.servers.filter((server) => server !== master && server.state === "running")
    for (const server of others) await follows(server, master)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((server) => server.stop()))
  }

  async #masterPort(sentinel: RedisServer): Promise<number> {
    const address = await sentinel.cli("SENTINEL", "GET-MASTER-ADDR-BY-NAME", this.name)
    return Number(address.split("\n")[1])
  }
}
