/**
 * Small things that outlive the page: names, drafts, preferences.
 *
 * A browser may refuse to keep anything (a private window, a full disk): then it is as if nothing had been kept, and
 * nothing else breaks.
 */
export interface Keep {
  get(key: string): string | undefined
  /** `undefined` forgets it. */
  set(key: string, value: string | undefined): void
}

/** So that two apps of one origin do not read each other's. */
const prefix = "everthread."

export function keepIn(storage: () => Pick<Storage, "getItem" | "setItem" | "removeItem">): Keep {
  return {
    get(key) {
      try {
        return storage().getItem(prefix + key) ?? undefined
      } catch {
        return undefined
      }
    },
    set(key, value) {
      try {
        if (value === undefined) storage().removeItem(prefix + key)
        else storage().setItem(prefix + key, value)
      } catch {
        // It is forgotten with the page, then.
      }
    },
  }
}

/** What this browser keeps for this origin. */
export const browserKeep: Keep = keepIn(() => localStorage)
