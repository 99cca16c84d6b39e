/**
 * The port of the simple protocol's sessions: a (user, device) that may come back to where it was.
 *
 * What a device has received outlives its session: one that comes back too late gets a new session, and still
 * what it has missed. An engine may forget it when nothing was heard of the device for `receivedTtlMs`.
 */
import type { Cursor } from "@everthread/protocol"

export interface SessionOpened {
  readonly sessionId: string
  /** It existed and had not expired. */
  readonly recovered: boolean
  /** How far the device has received each conversation, in this session and those before it. */
  readonly received: ReadonlyMap<string, Cursor>
  /** When the device was last seen, in milliseconds since 1970; 0 for one that is not known. */
  readonly lastActive: number
}

export interface Sessions {
  /**
   * @param freshId the id it gets if it is new.
   * @param now milliseconds since 1970, by the caller's clock.
   * @param ttlMs how long it lives after it was last touched.
   */
  open(user: string, device: string, freshId: string, now: number, ttlMs: number): Promise<SessionOpened>
  /**
   * Keeps it alive and remembers how far the device has received; conversations that are not named stay as they are.
   * It need not be flushed before it resolves.
   */
  touch(user: string, device: string, now: number, ttlMs: number, received: ReadonlyMap<string, Cursor>): Promise<void>
}

/** How long what a device has received is remembered after it was last seen, in milliseconds: 90 days. */
export const receivedTtlMs = 90 * 24 * 60 * 60 * 1_000
