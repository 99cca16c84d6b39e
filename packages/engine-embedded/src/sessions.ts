/** The port of the simple protocol's sessions on the store. They survive a restart; those that expired are swept. */
import type { SessionOpened, Sessions } from "@everthread/engine"
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

/** Sessions that each opening looks at, to take away those that have expired. */
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
  const known = stored && now <= stored.expiresAt ? stored : undefined
  const session = known ?? { sessionId: freshId, received: {} }
  putJson<SessionRecord>(tables.records, key, { ...session, lastActive: now, expiresAt: now + ttlMs })
  return {
    sessionId: session.sessionId,
    recovered: known !== undefined,
    received: new Map(Object.entries(session.received)),
    lastActive: known?.lastActive ?? 0,
  }
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

/** Goes round all sessions, a few at a time, and removes those that have expired. */
function roundSweeper() {
  let next: StoreKey = sessionsPrefix()
  return ({ records }: Tables, now: number): void => {
    const end: StoreKey = [5]
    const some = [...records.getRange({ start: next, end, limit: sweptPerOpening })]
    for (const { key, value } of some) {
      if ((JSON.parse(value) as SessionRecord).expiresAt < now) records.remove(key)
    }
    next = some.length < sweptPerOpening ? sessionsPrefix() : (some.at(-1)?.key ?? sessionsPrefix())
  }
}
