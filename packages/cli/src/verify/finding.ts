/** What `verify` may find, by name. The words for people are in finding-words.ts. */

export const findingKinds = [
  "conversation-empty",
  "conversation-unreadable",
  "log-hole",
  "log-head",
  "log-unreadable",
  "log-taken-back",
  "snapshot-missing",
  "snapshot-astray",
  "snapshot-differs",
  "archive-hole",
  "archive-differs",
  "archive-expired",
  "checkpoint-missing",
  "checkpoint-unnamed",
  "checkpoint-unreadable",
  "key-astray",
  "key-missing",
  "run-unlisted",
  "run-dangling",
  "member-missing",
  "member-unknown",
  "membership-missing",
  "membership-dangling",
] as const
export type FindingKind = (typeof findingKinds)[number]

export interface Finding {
  readonly kind: FindingKind
  readonly conversation: string
  /** What in the conversation: a seq, a cursor, a run, a user. With the kind and the conversation it is this very finding. */
  readonly at: string
  /** What is there instead, or beside; empty where the kind says it all. */
  readonly saw: string
}

/** Two looks that find this have found the same. */
export const identityOf = ({ kind, conversation, at }: Finding): string => JSON.stringify([kind, conversation, at])

/** Takes what a check has found. */
export type Report = (kind: FindingKind, at: string | number, saw?: string) => void
