/** What an attempt works with, and what it works on. */
import type { Engine, Fence } from "@everthread/engine"
import type { Clock, Random } from "@everthread/protocol"
import type { LoadedGraph } from "./graph.ts"
import type { Log } from "./log-line.ts"
import type { AgentObserver } from "./observer.ts"
import type { AgentOptions } from "./options.ts"

export interface AttemptParts {
  readonly engine: Engine
  readonly graphs: ReadonlyMap<string, LoadedGraph>
  readonly node: string
  readonly clock: Clock
  readonly random: Random
  readonly options: AgentOptions
  readonly log: Log
  readonly observer?: AgentObserver | undefined
}

export interface Claim {
  readonly conversation: string
  readonly run: string
  /** The seq of the opening that led to the claim: what may be settled. A later one is somebody else's wish. */
  readonly opened: number
  readonly fence: Fence
}
