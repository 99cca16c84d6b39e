/** Puts the core of one node together. */

import type { Engine } from "@everthread/engine"
import type { Clock, Random } from "@everthread/protocol"
import { AnswerCheck } from "./answer-check.ts"
import { Arrivals } from "./arrivals.ts"
import type { CheckpointHistory } from "./checkpoint-history.ts"
import { Compaction, type CompactionOptions } from "./compaction.ts"
import type { Agents, Core } from "./core.ts"
import { gatedHistory } from "./gated-history.ts"
import { Hub } from "./hub.ts"
import type { Log } from "./log-sink.ts"
import { type Meter, noMeter } from "./meter.ts"
import { PresenceNews } from "./presence-facts.ts"
import { Retention } from "./retention.ts"
import { isLimited, type RetentionPolicy } from "./retention-policy.ts"

/** How often a user may do what within a window. */
export interface RateLimits {
  /** Also of conversations that are made, apart from them. */
  readonly sends: number
  readonly changes: number
  readonly windowMs: number
}

export interface CoreOptions {
  readonly node: string
  readonly engine: Engine
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly agents: Agents
  readonly checkpoints?: CheckpointHistory | undefined
  readonly authenticator: { readonly required: boolean }
  readonly config: {
    readonly rateLimit: RateLimits
    readonly retention: RetentionPolicy
  }
  readonly connections: () => number
  readonly meter?: Meter
  /** Default: what a deployment has. A simulation's logs are short. */
  readonly compaction?: Pick<CompactionOptions, "snapshotEveryEntries" | "tailEntries">
}

/** Characters of bodies that a conversation's ring holds: some thousand tokens, or a few hundred messages. */
const ringCharsMax = 262_144
/** How long a conversation that nobody follows stays live on this node. */
const feedIdleMs = 30_000
const usualCompaction = { snapshotEveryEntries: 512, tailEntries: 2_048 }

export function createCore(options: CoreOptions): Core {
  const {
    node,
    engine,
    clock,
    random,
    log: logger,
    agents,
    config,
    meter = noMeter,
    compaction: sizes = usualCompaction,
  } = options
  const enforce = enforcing(options)
  const compaction = new Compaction({
    engine,
    hub: () => hub,
    logger,
    ...sizes,
    ...(enforce && { compacted: enforce }),
  })
  const hub: Hub = new Hub({
    log: engine.log,
    clock,
    logger,
    meter,
    ringCharsMax,
    idleMs: feedIdleMs,
    grown: (conversation, head) => compaction.grown(conversation, head),
    closed: (conversation) => compaction.forget(conversation),
  })
  const presence = new PresenceNews({ engine, clock })
  return {
    node,
    engine,
    hub,
    clock,
    random,
    logger,
    meter,
    agents,
    checkpoints: options.checkpoints && gatedHistory(options.checkpoints),
    enforceRetention: enforce,
    authRequired: options.authenticator.required,
    ...rateLimits(engine, config.rateLimit),
    answers: new AnswerCheck(clock),
    presence,
    arrivals: new Arrivals({ node, engine, clock, logger, news: presence }),
    connections: options.connections,
  }
}

function rateLimits(engine: Engine, { sends, changes, windowMs }: RateLimits) {
  return {
    sends: engine.rateLimit({ name: "sends", max: sends, windowMs }),
    creations: engine.rateLimit({ name: "creations", max: sends, windowMs }),
    changes: engine.rateLimit({ name: "changes", max: changes, windowMs }),
  }
}

/** @returns applies the policy to one conversation; `undefined` where everything is kept. */
function enforcing({
  engine,
  clock,
  random,
  log: logger,
  config,
  meter = noMeter,
  compaction: { tailEntries } = usualCompaction,
}: CoreOptions): Core["enforceRetention"] {
  if (!isLimited(config.retention)) return undefined
  const retention = new Retention({ engine, clock, random, logger, meter, policy: config.retention, tailEntries })
  return (conversation) => retention.enforce(conversation)
}
