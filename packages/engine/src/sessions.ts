/** The port of the simple protocol's sessions: a (user, device) that may come back to where it was. */
import type { Cursor } from "@everthread/protocol"

export interface SessionOpened {
  readonly sessionId: string
  /** It existed and had not expired. */
  readonly recovered: boolean
  /** How far the device has received each conversation. */
  readonly received: ReadonlyMap<string, Cursor>
  /** When it was last seen, in milliseconds since 1970; 0 for a new one. */
  readonly lastActive: number
}

export interface Sessions {
  /**
   * @param freshId the id it gets if it is new.
   * @param now milliseconds since 1970, by the caller's clock.
   * @param ttlMs how long it lives after it was last touched.
   */
  open(user: string, device: string, freshId: string, now: number, ttlMs: number): Promise<SessionOpened>
  /** Keeps it alive and remembers how far the device has received. It need not be flushed before it resolves. */
  touch(user: string, device: string, now: number, ttlMs: number, received: ReadonlyMap<string, Cursor>): Promise<void>
}
