/** What an attack is told, and what it comes to. */
import type { Clock, Random } from "@everthread/protocol"
import type { Finding } from "@everthread/sim"
import type { Counts } from "../people/counts.ts"
import type { Cast } from "./cast.ts"
import type { Victim } from "./victim.ts"

export interface AttackOptions {
  readonly nodes: readonly Victim[]
  /** The cluster's store, to judge its log and to end subscribers' connections. */
  readonly redis?: string
  readonly redisPrefix?: string
  readonly seconds: number
  readonly seed: number
  /** Where the record and its page go. */
  readonly folder: string
  /** How to play it again. */
  readonly command: string
  /** Who everybody is: one user where only one token is given. */
  readonly people: People
  readonly clock: Clock
  readonly random: Random
  /** Heals, and judges what there is. */
  readonly signal: AbortSignal
  /** Everybody is there. */
  begun(cast: Cast): void
  progress(progress: Progress): void
}

export type People =
  | { readonly kind: "many"; readonly tokenOf: (user: string) => Promise<string | undefined> }
  | { readonly kind: "one"; readonly user: string; readonly token: string }

export interface Progress {
  readonly ms: number
  readonly operations: number
  readonly acknowledged: number
  readonly faults: number
  /** What is wrong now. */
  readonly wrong: readonly string[]
}

export interface AttackOutcome {
  readonly cast: Cast
  readonly findings: readonly Finding[]
  readonly counts: Counts
  readonly operations: number
  readonly acknowledged: number
  /** How many of each. */
  readonly faults: ReadonlyMap<string, number>
  readonly leftOut: readonly { readonly name: string; readonly why: string }[]
  /** The page. */
  readonly report: string
}
