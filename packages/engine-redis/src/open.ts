/** Opens the engine on Redis: connections, topology, delivery, and what the ports need of them. */
import type { Engine } from "@everthread/engine"
import { statusBoard } from "@everthread/engine/parts"
import { type Clock, type Random, systemClock, systemRandom } from "@everthread/protocol"
import { type LinkOptions, openLink } from "./connection/link.ts"
import { parseRedisUrl } from "./connection/redis-url.ts"
import { type ServerAddress, serverName, wayToSentinels } from "./connection/target.ts"
import { delivery } from "./delivery/delivery.ts"
import { subscriber } from "./delivery/subscriber.ts"
import { directory, membersBoard } from "./directory.ts"
import type { Durability } from "./durability/durability.ts"
import type { ServerReport } from "./durability/master-watch.ts"
import { openDurability } from "./durability/open-durability.ts"
import { usedMemory } from "./durability/used-memory.ts"
import { effects } from "./effects.ts"
import { type Keys, keysWith } from "./keys.ts"
import { leases, openingsBoard } from "./leases.ts"
import { eventLog } from "./log/event-log.ts"
import { assertPermitted } from "./permissions.ts"
import { presence } from "./presence/presence.ts"
import { rateLimit } from "./rate-limit.ts"
import { type ForeignRunner, foreignRunner } from "./script-runner.ts"
import { sessions } from "./sessions/sessions.ts"
import { openStore, type Store } from "./store.ts"
import type { LinkOpener } from "./topology/kept-link.ts"
import { openTopology } from "./topology/open-topology.ts"
import { wallTime } from "./wall-time.ts"

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
  /** How safe an append is when it is acknowledged. Default: `fsync`. */
  readonly durability?: Durability
  /** With `replicated`: how many replicas have to have it. Default: 1. */
  readonly replicas?: number
  /** Told what was found at each master: before the engine is open, and whenever one is connected again. */
  readonly report?: (report: ServerReport) => void
}

export interface RedisEngine extends Engine {
  /** For whoever writes beside the log, in the same step with its fence: the checkpointer. */
  readonly scripts: ForeignRunner
  readonly store: Store
  readonly keys: Keys
  /** Resolves when what the partition's master has answered so far is as durable as was asked for. */
  readonly durable: (partition: number) => Promise<void>
}

const defaults = {
  prefix: "everthread",
  clock: systemClock,
  random: systemRandom,
  keyTtlMs: 24 * 60 * 60 * 1_000,
  deadlineMs: 2_000,
  durability: "fsync",
  replicas: 1,
  report: () => {},
} as const
/** A call may be repeated once or twice within its time. */
const answersPerCall = 2
const canaryIdChars = 12
const senderIdChars = 12

/** @throws EngineError `unavailable` if Redis cannot be reached, `unusable` if it may not be used as it is. */
export async function openRedisEngine(options: RedisEngineOptions): Promise<RedisEngine> {
  const { url, prefix, clock, random, keyTtlMs, deadlineMs, durability, replicas, report } = { ...defaults, ...options }
  const target = parseRedisUrl(url)
  const keys = keysWith(prefix)
  const status = statusBoard()
  const open = (name: string, way: LinkOptions["target"] = target): LinkOpener["open"] => {
    return (address: ServerAddress, lost) => openLink({ address, target: way, clock, deadlineMs, name, lost })
  }
  const reconnected = () => store?.observer.reconnected("commands")
  const opener: LinkOpener = { clock, random, open: open(`${prefix}-commands`), reconnected }
  const sentinels = { ...opener, open: open(`${prefix}-sentinel`, wayToSentinels(target)) }
  const callMs = deadlineMs * answersPerCall
  let store: Store | undefined
  const topology = await openTopology({ target, opener, sentinels, deadlineMs: callMs })
  const demand = { durability, replicas }
  const waiting: LinkOpener = { ...opener, open: open(`${prefix}-replicas`), reconnected: () => {} }
  const safety = await assertPermitted(topology, keys)
    .then(() => openDurability({ topology, target, keys, demand, opener: waiting, deadlineMs: callMs, status, report }))
    .catch((error: unknown) => {
      topology.close()
      throw error
    })
  const probeKey = (partition: number) => keys.other(partition, "x", "probe")
  store = openStore({ clock, random, topology, status, deadlineMs: callMs, probeKey, settled: safety.settled })
  const owners = leases({ store, keys, post: (list) => told.post(openingsBoard, list) })
  const members = directory({
    store,
    keys,
    durable: safety.durable,
    sender: random.id(senderIdChars),
    post: (list) => told.post(membersBoard, list),
  })
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
    boards: [owners.openings, members.board],
    ...(durability === "replicated" ? { durable: safety.durable } : {}),
  })
  const here = presence(store, keys)
  const devices = sessions(store, keys)
  const periods = { now: () => clock.now(), keyTtlMs }
  let closing: Promise<void> | undefined

  async function closeAll(): Promise<void> {
    await Promise.all([here.close(), devices.close()])
    told.close()
    await store?.close()
    safety.close()
  }

  return {
    description: `Redis at ${target.seeds.map(serverName).join(", ")} (${topology.kind})`,
    store,
    keys,
    scripts: foreignRunner(store, keys, safety.durable),
    durable: safety.durable,
    log: eventLog({
      store,
      keys,
      periods,
      delivery: told,
      durable: safety.durable,
      runsChanged: owners.runsChanged,
      membersChanged: members.membersChanged,
    }),
    directory: members,
    leases: owners,
    effects: effects(store, keys, safety.durable),
    presence: here,
    sessions: devices,
    rateLimit: (rule) => rateLimit(store, keys, rule),
    observe: store.observe,
    wallTime: wallTime(store, keys),
    memoryBytes: usedMemory(topology, clock),
    status: safety.status.current,
    onStatus: safety.status.watch,
    close() {
      closing ??= closeAll()
      return closing
    },
  }
}
