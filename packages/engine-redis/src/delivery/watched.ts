/**
 * A conversation that is listened to on this node, and how what is heard of it joins what was told.
 *
 * `told` is the one thing that makes a loss visible: the cursor up to which every listener was told, or told to
 * look for itself. Whoever begins to listen reads the head afterwards, so it may be set from the store, but only to
 * what the store said before `listen` resolved.
 */
import type { Appended } from "@everthread/engine"
import { type Cursor, seqOf } from "@everthread/protocol"

export interface Watched {
  readonly conversation: string
  readonly partition: number
  /** How often it is listened to. */
  count: number
  told: Cursor | undefined
  /** Whether a run is at work; where it is `unknown`, the next look settles it. */
  run: "unknown" | "at-work" | "none"
  /** Something was heard since the last look. */
  wasHeard: boolean
  /** The head that a look found ahead of what was told: maybe its publication is under way. */
  awaited: Cursor | undefined
  /** A look at the store is owed to it, because this node was out of touch. */
  isOwed: boolean
}

export const watch = (conversation: string, partition: number): Watched => ({
  ...{ conversation, partition, count: 0, told: undefined },
  ...{ run: "unknown", wasHeard: false, awaited: undefined, isOwed: false },
})

/** Takes note of what was heard, before it is told. @returns how it meets what was told before. */
export function hear(watched: Watched, appended: Appended, flags: string): Meeting {
  const meeting = meet(watched.told, appended)
  const last = appended.entries.at(-1)?.cursor
  if (last === undefined || meeting === "known" || meeting === "behind") return meeting
  watched.told = last
  watched.wasHeard = true
  watched.awaited = undefined
  watched.run = runAfter(flags, watched.run)
  return meeting
}

/**
 * How a publication meets what was told:
 * `follows` it; was told already (`known`); lies ahead, with something missing before it (`gap`); or lies behind:
 * it comes late, or from another history, and only the store can say which.
 */
export type Meeting = "follows" | "known" | "gap" | "behind"

export function meet(told: Cursor | undefined, { prev, entries }: Pick<Appended, "prev" | "entries">): Meeting {
  const last = entries.at(-1)?.cursor
  if (told === undefined || prev === told) return "follows"
  if (last === undefined || last === told) return "known"
  return seqOf(last) > seqOf(told) ? "gap" : "behind"
}

/** `r`: a run was opened, `o`: output of one, `d`: one is done; `rd`: one ended and the next one began. */
export function runAfter(flags: string, before: Watched["run"]): Watched["run"] {
  if (flags.includes("r")) return "at-work"
  if (flags.includes("d")) return "none"
  return flags.includes("o") ? "at-work" : before
}

/**
 * What a look at the store's head says of what was told, given that nothing was heard while the look was under way:
 * the `same`; `ahead` of it, and maybe about to be heard; or `elsewhere`: behind it, of another history, or gone.
 */
export type Sight = "same" | "ahead" | "elsewhere"

export function sight(told: Cursor, head: Cursor): Sight {
  if (head === told) return "same"
  return seqOf(head) > seqOf(told) ? "ahead" : "elsewhere"
}
