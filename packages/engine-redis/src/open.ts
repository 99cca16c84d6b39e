/** Opens the engine on Redis: connections, topology, delivery, and what the ports need of them. */
import { type Engine, LocalRateLimit } from "@everthread/engine"
import { statusBoard } from "@everthread/engine/parts"
import { type Clock, type Random, systemClock, systemRandom } from "@everthread/protocol"
import { openLink } from "./connection/link.ts"
import { parseRedisUrl } from "./connection/redis-url.ts"
import type { ServerAddress } from "./connection/target.ts"
import { delivery } from "./delivery/delivery.ts"
import { subscriber } from "./delivery/subscriber.ts"
import { directory } from "./directory.ts"
import { type Keys, keysWith } from "./keys.ts"
import { leases } from "./leases.ts"
import { eventLog } from "./log/event-log.ts"
import { presence } from "./presence.ts"
import { sessions } from "./sessions.ts"
import { openStore, type Store } from "./store.ts"
import type { LinkOpener } from "./topology/kept-link.ts"
import { singleTopology } from "./topology/single.ts"

export interface RedisEngineOptions {
  /** See `parseRedisUrl`. */
  readonly url: string
  /** What stands before every key: sets several deployments in one Redis apart. Default: `everthread`. */
  readonly prefix?: string
  readonly clock?: Clock
  readonly random?: Random
  /** How long an idempotency key is remembered at least, in milliseconds. Default: a day. */
  readonly keyTtlMs?: number
  /** How long the server may take for one answer, in milliseconds. Default: two seconds. */
  readonly deadlineMs?: number
}

export interface RedisEngine extends Engine {
  /** For the checkpointer, which runs scripts of its own on the same connections. */
  readonly store: Store
  readonly keys: Keys
}

const defaults = {
  prefix: "everthread",
  clock: systemClock,
  random: systemRandom,
  keyTtlMs: 24 * 60 * 60 * 1_000,
  deadlineMs: 2_000,
}
/** A call may be repeated once or twice within its time. */
const answersPerCall = 2
const canaryIdChars = 12

/** @throws EngineError `unavailable` if Redis cannot be reached, `unusable` if it may not be used as it is. */
export async function openRedisEngine(options: RedisEngineOptions): Promise<RedisEngine> {
  const { url, prefix, clock, random, keyTtlMs, deadlineMs } = { ...defaults, ...options }
  const target = parseRedisUrl(url)
  const keys = keysWith(prefix)
  const status = statusBoard()
  const open = (name: string): LinkOpener["open"] => {
    return (address: ServerAddress, lost) => openLink({ address, target, clock, deadlineMs, name, lost })
  }
  const topology = await singleTopology(target.seeds[0], { clock, random, open: open(`${prefix}-commands`) })
  const refusedWrite = (reason: string) => status.set({ state: "read-only", reason })
  const store = openStore({ clock, random, topology, status, deadlineMs: deadlineMs * answersPerCall, refusedWrite })
  const owners = leases({ store, keys, announce: (conversation, run) => told.announce(conversation, run) })
  const told = delivery({
    store,
    keys,
    subscriber: (heard) =>
      subscriber(
        {
          topology,
          clock,
          random,
          open: open(`${prefix}-subscriber`),
          replaced: () => store.observer.reconnected("subscriber"),
          canaryChannel: (partition) => keys.other(partition, "c", random.id(canaryIdChars)),
          deadlineMs: deadlineMs * answersPerCall,
        },
        heard,
      ),
    opened: (conversation, run) => owners.runOpened(conversation, run),
    missedOpenings: owners.lookEverywhere,
  })
  const periods = { now: () => clock.now(), keyTtlMs }
  return {
    description: `Redis at ${target.seeds.map(({ host, port }) => `${host}:${port}`).join(", ")} (${topology.kind})`,
    store,
    keys,
    log: eventLog({
      store,
      keys,
      periods,
      delivery: told,
      durable: async () => undefined,
      runsChanged: owners.runsChanged,
    }),
    directory: directory(store, keys),
    leases: owners,
    presence: presence(store, keys),
    sessions: sessions(store, keys),
    rateLimit: (rule) => new LocalRateLimit(clock, rule),
    observe: store.observe,
    memoryBytes: async () => undefined,
    status: status.current,
    onStatus: status.watch,
    async close() {
      told.close()
      await store.close()
    },
  }
}
