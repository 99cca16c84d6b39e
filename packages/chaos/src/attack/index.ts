/** Faults for a cluster that somebody else has started. Needs nothing of what the tests of this repository start. */
export { attack } from "./attack.ts"
export type { AttackOptions, AttackOutcome, People, Progress } from "./attack-options.ts"
export type { Cast } from "./cast.ts"
export { Unreachable } from "./scout.ts"
export { troubles } from "./troubles.ts"
export { isLoopback, type Permission, refusedHosts, type Victim, victimOf } from "./victim.ts"
