/** What the comparison of a server with what is asked of it comes to. */

/** A text in the languages of the command line. */
export interface Words {
  readonly en: string
  readonly zh: string
}

/**
 * `refusal`: a node does not start on it. `warning`: it does, and less is promised than it seems. `note`: worth
 * knowing.
 */
export type FindingLevel = "ok" | "note" | "warning" | "refusal"

export interface Finding {
  readonly level: FindingLevel
  /** What was looked at, for machines. */
  readonly about:
    | "version"
    | "role"
    | "settings"
    | "eviction"
    | "memory-bound"
    | "append-only-file"
    | "appendfsync"
    | "fsync-on-rewrite"
    | "truncated-file"
    | "failed-writes"
    | "snapshot-errors"
    | "replicas"
    | "failover"
    | "min-replicas"
    | "coverage"
    | "subscriber-buffer"
  readonly found: Words
  /** Empty where nothing is wrong. */
  readonly why: Words
  /** Lines for a shell, in their order. */
  readonly mend: readonly Words[]
}

export const same = (text: string): Words => ({ en: text, zh: text })

export const fine = (about: Finding["about"], found: Words): Finding => ({
  level: "ok",
  about,
  found,
  why: same(""),
  mend: [],
})
