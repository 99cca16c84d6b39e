/**
 * Something that goes wrong with a deployment, and is mended again. Each nemesis is a file of its own that knows how to begin
 * one; when it begins and how long it lasts is the schedule's business, and what it hits is decided by the seed.
 */
import type { Random } from "@everthread/protocol"
import type { Deployment } from "../deployment/deployment.ts"

export interface Nemesis {
  /** As `--only` names it: lower case, words joined by hyphens. */
  readonly name: string
  /** What it does, in one line, for `--help` and for the report. */
  readonly about: string
  /** How long one lasts, in milliseconds, before it is healed. Equal where it is over at once. */
  readonly lastsMs: { readonly least: number; readonly most: number }
  /** @returns why it cannot be made on this deployment, for people, or `undefined` where it can. */
  unfit(deployment: Deployment): string | undefined
  /** Begins one. What it hits is taken from `deployment.take`, so that two at once never pull at the same thing. */
  begin(deployment: Deployment, random: Random): Promise<Harm | undefined>
}

/** A fault under way. */
export interface Harm {
  /** Whose lane of the timeline it stands in: the name of a node, a device or a server, or `network`. */
  readonly target: string
  /** What was done, for people, such as `stopped where it was (SIGSTOP)`. */
  readonly what: string
  /**
   * With it the store may lose what it had acknowledged: then devices may be told to start over, and the checker is told so for
   * everything that was there at the time. Absent: nothing may be lost.
   */
  readonly rollback?: true
  /** Mends it. Resolves when it is mended; called once, also where the run is given up. */
  heal(): Promise<void>
}
