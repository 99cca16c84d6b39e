/**
 * The port of the simple protocol's sessions on the store. They survive a restart. A record outlives its session, for
 * what the device has received; devices that nothing was heard of for long are swept.
 */
import { receivedTtlMs, type SessionOpened, type Sessions } from "@everthread/engine"
import type { Cursor } from "@everthread/protocol"
import { type StoreKey, sessionKey, sessions as sessionsPrefix } from "./keys.ts"
import type { Store } from "./store.ts"
import { getJson, putJson, type Tables } from "./tables.ts"

interface SessionRecord {
  readonly sessionId: string
  /** Milliseconds since 1970, by the caller's clock. */
  readonly lastActive: number
  readonly expiresAt: number
  readonly received: Readonly<Record<string, Cursor>>
}

/** Records that each opening looks at, to take away those of devices that are not coming back. */
const sweptPerOpening = 4

export function sessions(store: Store): Sessions {
  const sweep = roundSweeper()
  return {
    open: async (user, device, freshId, now, ttlMs) =>
      store.write((tables) => {
        sweep(tables, now)
        return open(tables, sessionKey(user, device), freshId, now, ttlMs)
      }),
    async touch(user, device, now, ttlMs, received) {
      store.assertOpen()
      // Not awaited: what a device has received is only ever a reason to send less, and it will say it again.
      store.write((tables) => touch(tables, sessionKey(user, device), now, ttlMs, received)).catch(() => undefined)
    },
  }
}

function open(tables: Tables, key: StoreKey, freshId: string, now: number, ttlMs: number): SessionOpened {
  const stored = getJson<SessionRecord>(tables.records, key)
  const recovered = stored !== undefined && now <= stored.expiresAt
  const sessionId = recovered ? stored.sessionId : freshId
  const received = stored?.received ?? {}
  putJson<SessionRecord>(tables.records, key, { sessionId, received, lastActive: now, expiresAt: now + ttlMs })
  return { sessionId, recovered, received: new Map(Object.entries(received)), lastActive: stored?.lastActive ?? 0 }
}

function touch(tables: Tables, key: StoreKey, now: number, ttlMs: number, received: ReadonlyMap<string, Cursor>): void {
  const known = getJson<SessionRecord>(tables.records, key)
  if (!known) return
  putJson<SessionRecord>(tables.records, key, {
    ...known,
    lastActive: now,
    expiresAt: now + ttlMs,
    received: { ...known.received, ...Object.fromEntries(received) },
  })
}

/** Goes round all records, a few at a time, and removes those that nobody will ask for. */
function roundSweeper() {
  let next: StoreKey = sessionsPrefix()
  return ({ records }: Tables, now: number): void => {
    const end: StoreKey = [5]
    const some = [...records.getRange({ start: next, end, limit: sweptPerOpening })]
    for (const { key, value } of some) {
      const { expiresAt, lastActive } = JSON.parse(value) as SessionRecord
      if (Math.max(expiresAt, lastActive + receivedTtlMs) < now) records.remove(key)
    }
    next = some.length < sweptPerOpening ? sessionsPrefix() : (some.at(-1)?.key ?? sessionsPrefix())
  }
}
