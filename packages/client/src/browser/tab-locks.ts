/**
 * Locks that the tabs of one origin share, and that the browser releases when a tab ends in whatever way: the Web Locks
 * API, as far as we need it. They are how a tab knows that another one is gone, without a clock.
 * https://www.w3.org/TR/web-locks/
 */

export interface TabLocks {
  /**
   * Calls `held` when the lock is ours, which it is until the promise of `held` settles.
   * @param options.ifAvailable calls it at once, with `null` if somebody else has the lock.
   * @param options.signal gives up waiting.
   */
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
    held: (lock: unknown) => Promise<void>,
  ): Promise<unknown>
}

/** @returns the platform's own locks, if it has any. */
export function platformLocks(): TabLocks | undefined {
  const { navigator } = globalThis as { navigator?: { locks?: TabLocks } }
  return navigator?.locks
}

/** A lock that somebody waits for or has. */
export interface Hold {
  /** Gives it back, or waits no more. */
  release(): void
}

/**
 * Waits for a lock, and keeps it until it is released.
 * @param held is called when it is ours.
 * @param lost is called when it cannot be had, or was taken away.
 */
export function holdLock(locks: TabLocks, name: string, held: () => void, lost: (error: unknown) => void): Hold {
  const waiting = new AbortController()
  let isReleased = false
  let release = () => waiting.abort()
  const keep = () =>
    new Promise<void>((resolve) => {
      release = resolve
      if (isReleased) resolve()
      else held()
    })
  locks.request(name, { signal: waiting.signal }, keep).catch((error: unknown) => {
    if (!isReleased) lost(error)
  })
  return {
    release() {
      isReleased = true
      release()
    },
  }
}
