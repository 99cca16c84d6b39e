/** Sessions of the simple protocol. */
import type { SessionOpened } from "@everthread/engine"
import type { Cursor } from "@everthread/protocol"
import type { State } from "./state.ts"

const keyOf = (user: string, device: string) => JSON.stringify([user, device])

export interface SessionRequest {
  readonly user: string
  readonly device: string
  readonly now: number
  readonly ttlMs: number
}

export function openSession({ sessions }: State, request: SessionRequest, freshId: string): SessionOpened {
  const { user, device, now, ttlMs } = request
  const known = sessions.get(keyOf(user, device))
  const recovered = known !== undefined && now <= known.expiresAt
  const sessionId = recovered ? known.sessionId : freshId
  const received = known?.received ?? new Map<string, Cursor>()
  sessions.set(keyOf(user, device), { sessionId, received, lastActive: now, expiresAt: now + ttlMs })
  return { sessionId, recovered, received, lastActive: known?.lastActive ?? 0 }
}

export function touchSession(
  { sessions }: State,
  { user, device, now, ttlMs }: SessionRequest,
  received: ReadonlyMap<string, Cursor>,
): void {
  const known = sessions.get(keyOf(user, device))
  if (!known) return
  const all = new Map([...known.received, ...received])
  sessions.set(keyOf(user, device), { ...known, lastActive: now, expiresAt: now + ttlMs, received: all })
}
