/** The port of limits: how often somebody may do a thing, counted on all nodes of one store. */

export interface RateLimitRule {
  /** What is limited, `[a-z-]`: `sends`. */
  readonly name: string
  /** So often within any window of `windowMs`; a whole number above 0. */
  readonly max: number
  /** In milliseconds, whole. */
  readonly windowMs: number
}

export interface RateLimiter {
  /**
   * Counts one more for `who` if it is allowed. While the store is away it counts on this node alone: a limit that
   * is away is not a limit that is gone.
   *
   * @returns 0, or how many milliseconds to wait before it can be allowed.
   */
  take(who: string): Promise<number>
}
