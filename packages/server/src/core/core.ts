/** What the handlers of one node work with: the store, the clock, and what this deployment allows. */

import type { Engine, RateLimiter } from "@everthread/engine"
import type { Clock, Random } from "@everthread/protocol"
import type { AnswerCheck } from "./answer-check.ts"
import type { Arrivals } from "./arrivals.ts"
import type { CheckpointHistory } from "./checkpoint-history.ts"
import type { Hub } from "./hub.ts"
import type { Log } from "./log-sink.ts"
import type { Meter } from "./meter.ts"
import type { PresenceNews } from "./presence-facts.ts"

export interface Agents {
  /** Every agent that this deployment serves. */
  readonly names: readonly string[]
  /** Resolves when `names` are those that are served at this moment; absent where they never change. */
  readonly lookAgain?: () => Promise<void>
}

export interface Core {
  readonly node: string
  readonly engine: Engine
  readonly hub: Hub
  readonly clock: Clock
  readonly random: Random
  readonly logger: Log
  readonly meter: Meter
  readonly agents: Agents
  /** `undefined` on a node that was given no checkpoints. */
  readonly checkpoints: CheckpointHistory | undefined
  /** Takes out of a conversation what has expired; `undefined` where everything is kept. */
  readonly enforceRetention: ((conversation: string) => Promise<void>) | undefined
  /** With authentication off anybody may join any conversation they can name. */
  readonly authRequired: boolean
  readonly sends: RateLimiter
  /** Conversations that a user makes, whether new ones or forks. */
  readonly creations: RateLimiter
  /** What a user changes of what is there, and tells the others of: see `commands/limited-by.ts`. */
  readonly changes: RateLimiter
  readonly answers: AnswerCheck
  readonly presence: PresenceNews
  readonly arrivals: Arrivals
  /** Open connections of this node. */
  connections(): number
}

/** Who asks: a user on one of their devices, as the connection has established. */
export interface Actor {
  readonly user: string
  readonly device: string
}

/** How many characters of randomness an id that the server makes up has. */
export const freshIdChars = 12
