/** What befalls a deployment, by a seed: the same for every contestant. */
import type { Random } from "@everthread/protocol"
import { seededRandom, shuffled } from "@everthread/sim"
import type { Person } from "./contestant.ts"

export type Fault =
  | { readonly kind: "kill"; readonly node: number; readonly ms: number }
  | { readonly kind: "freeze"; readonly node: number; readonly ms: number }
  /** Ends the connections over which the nodes hear of each other. */
  | { readonly kind: "deafen" }

export interface ChurnPlan {
  readonly seed: number
  readonly people: readonly Person[]
  /** One after the other, each after a pause. */
  readonly faults: readonly { readonly afterMs: number; readonly fault: Fault }[]
  /** For each device: how long its connection lasts and how long it is away then, by turns. */
  readonly drops: boolean
}

export const nodeCount = 2

/** Two devices of the first user, one of each other. */
export const people: readonly Person[] = [
  { user: "ada", device: "phone" },
  { user: "ada", device: "laptop" },
  { user: "bob", device: "phone" },
  { user: "cyd", device: "phone" },
  { user: "dan", device: "phone" },
  { user: "eve", device: "phone" },
]

const pauseMs = { least: 600, most: 1_500 }
/** Longer than anybody's heartbeats wait here, so that a frozen node loses its devices. */
const frozenMs = { least: 4_000, most: 5_000 }
const downMs = { least: 200, most: 1_200 }

/** @param times how often each kind of fault comes. */
export function planOf(seed: number, times: number): ChurnPlan {
  const random = seededRandom(seed)
  const kinds = Array.from({ length: times }, () => ["kill", "freeze", "deafen", "deafen"] as const).flat()
  const faults = shuffled(random, kinds).map((kind) => ({
    afterMs: within(pauseMs, random),
    fault: faultOf(kind, random),
  }))
  return { seed, people, faults, drops: true }
}

/** Nothing goes wrong: what is wrong then is wrong with whoever measures. */
export const calmPlan = (seed: number): ChurnPlan => ({ seed, people, faults: [], drops: false })

function faultOf(kind: Fault["kind"], random: Random): Fault {
  if (kind === "deafen") return { kind }
  const node = Math.floor(random.fraction() * nodeCount)
  return { kind, node, ms: within(kind === "kill" ? downMs : frozenMs, random) }
}

export function within({ least, most }: { least: number; most: number }, random: Random): number {
  return Math.round(least + random.fraction() * (most - least))
}
