/** Opens the embedded engine: one folder, one process, everything durable before it is acknowledged. */
import type { Engine } from "@everthread/engine"
import { listeners } from "@everthread/engine/parts"
import { type Clock, systemClock } from "@everthread/protocol"
import { directory } from "./directory.ts"
import { effects } from "./effects.ts"
import { openEnvironment, prepareFolder } from "./environment.ts"
import { type EmbeddedEventLog, eventLog } from "./event-log.ts"
import { leases } from "./leases.ts"
import { occupyFolder } from "./occupancy.ts"
import { presence } from "./presence.ts"
import { rateLimits } from "./rate-limits.ts"
import { sessions } from "./sessions.ts"
import { openStore, type Store } from "./store.ts"

export interface EmbeddedEngineOptions {
  /** Where everything is stored. It is made if it does not exist, and belongs to one process at a time. */
  readonly folder: string
  readonly clock?: Clock
  /** How long an idempotency key is remembered, in milliseconds. Default: a day. */
  readonly keyTtlMs?: number
  /** While the disk is full: how long to wait before looking for room again, in milliseconds. Default: a second. */
  readonly probeMs?: number
}

export interface EmbeddedEngine extends Engine {
  /** What the ports share: for the checkpointer, which writes in the same transactions. */
  readonly store: Store
  readonly log: EmbeddedEventLog
}

const defaults = { keyTtlMs: 24 * 60 * 60 * 1_000, probeMs: 1_000 }

/** @throws EngineError `in-use` or `unusable`, each saying what to do. */
export async function openEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const { folder, clock = systemClock, keyTtlMs, probeMs } = { ...defaults, ...options }
  const store = await openFolder(folder, clock, probeMs)
  const owners = leases(store)
  const members = directory(store)
  const { runsChanged } = owners
  const { membersChanged } = members
  const log = eventLog({ store, clock, keyTtlMs, listeners: listeners(), runsChanged, membersChanged })
  return {
    description: `embedded (LMDB at ${folder})`,
    store,
    log,
    directory: members,
    leases: owners,
    effects: effects(store),
    presence: presence(store.assertOpen),
    sessions: sessions(store),
    rateLimit: rateLimits(clock),
    // The store is this process: there are no round trips to tell of.
    observe() {},
    memoryBytes: async () => undefined,
    wallTime: async () => clock.now(),
    status: store.status.current,
    onStatus: store.status.watch,
    close: store.close,
  }
}

async function openFolder(folder: string, clock: Clock, probeMs: number): Promise<Store> {
  prepareFolder(folder)
  const vacate = await occupyFolder(folder)
  try {
    return openStore({ folder, environment: await openEnvironment(folder), clock, probeMs, vacate })
  } catch (error) {
    await vacate()
    throw error
  }
}
