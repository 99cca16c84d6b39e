/** What a store has to be: a few small ports, each with its own promises. Only the command line picks one. */
import type { Directory } from "./directory.ts"
import type { Effects } from "./effects.ts"
import type { EventLog } from "./event-log.ts"
import type { Leases } from "./leases.ts"
import type { EngineObserver } from "./observer.ts"
import type { Presence } from "./presence.ts"
import type { RateLimiter, RateLimitRule } from "./rate-limit.ts"
import type { Sessions } from "./sessions.ts"

/**
 * `ready`: everything works. `read-only`: what is stored can be read, and every write is refused with
 * `read-only` (a full disk above all). `unavailable`: nothing works at the moment.
 */
export type EngineState = "ready" | "read-only" | "unavailable"

export interface EngineStatus {
  readonly state: EngineState
  /** Why it is not ready, and what to do. */
  readonly reason?: string
}

export interface Engine {
  /** What it is, for people: `embedded (LMDB at ./data)`. */
  readonly description: string
  readonly log: EventLog
  readonly directory: Directory
  readonly leases: Leases
  readonly effects: Effects
  readonly presence: Presence
  readonly sessions: Sessions
  /** @returns a limit that counts on all nodes of this store together. Two of one rule are one limit. */
  rateLimit(rule: RateLimitRule): RateLimiter
  /** What whoever measures is told of, from now on. One observer; the last one counts. */
  observe(observer: EngineObserver): void
  /** Memory the store uses for everything it holds, in bytes; `undefined` where that means nothing. */
  memoryBytes(): Promise<number | undefined>
  /**
   * What the store's own clock says, in milliseconds since 1970: a second opinion where the store is another machine.
   * Nothing is ordered by it.
   */
  wallTime(): Promise<number>
  status(): EngineStatus
  /** Calls `listener` whenever the state changes. @returns stops it. */
  onStatus(listener: (status: EngineStatus) => void): () => void
  /**
   * Lets what is under way finish, makes it durable, and frees the store for another process. Afterwards the store's
   * operations throw `closed`.
   */
  close(): Promise<void>
}

/** The store could not do what it was asked, for reasons that have nothing to do with what it holds. */
export class EngineError extends Error {
  override readonly name = "EngineError"
  /**
   * `read-only` and `unavailable`: nothing was written, and a retry may succeed. `unknown`: it may or
   * may not have been written; only an idempotent request may be repeated. `in-use`, `unusable`: the
   * store cannot be opened. `closed`: the engine was closed.
   */
  readonly code: "read-only" | "unavailable" | "unknown" | "in-use" | "unusable" | "closed"

  constructor(code: EngineError["code"], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
