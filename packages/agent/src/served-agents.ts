/**
 * Whose run is whose to work on: the agents that this worker serves, those that others serve, and those that nobody
 * serves any more, whose runs anybody may end. (SPEC AGT2)
 */
import type { Announcement, OpenRun, RunAbout } from "@everthread/engine"
import type { AttemptParts } from "./attempt-parts.ts"
import { MissingAgents } from "./missing-agents.ts"
import { isTeller } from "./queue-positions.ts"
import { Roster } from "./roster.ts"

export class ServedAgents {
  readonly #parts: AttemptParts
  readonly #own: Announcement
  readonly #roster: Roster
  readonly #missing: MissingAgents
  /** What openings that do not say it themselves are about, once their log was read. */
  readonly #learned = new Map<string, RunAbout>()
  /** Looks take turns: of two at once, the one that had read first could be the last to say who is there. */
  #turn: Promise<unknown> = Promise.resolve()
  /** The look that waits for its turn. */
  #nextLook: Promise<void> | undefined

  constructor(parts: AttemptParts, owner: string) {
    const { engine, options, clock, log } = parts
    this.#parts = parts
    this.#own = { owner, node: parts.node, agents: [...parts.graphs.keys()], isFull: false }
    this.#roster = new Roster({ leases: engine.leases, clock, leaseTtlMs: options.leaseTtlMs, log })
    this.#missing = new MissingAgents(options.missingAfterMs, log)
  }

  /** Every agent that somebody serves, or has served lately; our own in front. */
  get names(): readonly string[] {
    return this.#roster.names(this.#own.agents)
  }

  /** Those of them that a worker serves which lives, as far as we know. */
  get served(): readonly string[] {
    return this.#roster.served(this.#own.agents)
  }

  /** Looks who else is there, without being seen. One look that begins from now on is for all who ask until then. */
  lookAround(): Promise<void> {
    this.#nextLook ??= this.#inTurn(() => {
      this.#nextLook = undefined
      return this.#roster.refresh(this.#own, "look")
    })
    return this.#nextLook
  }

  /** Looks who else is there, and sees to it that the others know of us. */
  async announce(isFull: boolean): Promise<void> {
    try {
      await this.#inTurn(() => this.#roster.refresh({ ...this.#own, isFull }, "announce"))
    } catch (error) {
      this.#missing.forget()
      throw error
    }
  }

  #inTurn(look: () => Promise<void>): Promise<void> {
    const looked = this.#turn.then(look)
    this.#turn = looked.catch(() => undefined)
    return looked
  }

  async withdraw(): Promise<void> {
    await this.#parts.engine.leases.withdraw(this.#own)
  }

  /** What is open now: from here on it is known which agents are missing. */
  look(openRuns: readonly OpenRun[]): void {
    const open = new Set(openRuns.map(keyOf))
    for (const key of this.#learned.keys()) if (!open.has(key)) this.#learned.delete(key)
    const wanted = openRuns.flatMap((opening) => this.aboutOf(opening)?.agent ?? [])
    const isServed = (agent: string) => this.#parts.graphs.has(agent) || this.#roster.isServed(agent)
    this.#missing.look(new Set(wanted), isServed, this.#parts.clock.monotonic())
  }

  aboutOf(opening: OpenRun): RunAbout | undefined {
    return opening.about ?? this.#learned.get(keyOf(opening))
  }

  learn(opening: OpenRun, about: RunAbout): void {
    if (!opening.about) this.#learned.set(keyOf(opening), about)
  }

  /** Whether a run of this agent is ours to work on, or to end. */
  mayWorkFor(agent: string): boolean {
    return this.#parts.graphs.has(agent) || this.#missing.isGivenUp(agent)
  }

  /** Whether there may be something for us among a conversation's runs: what is not known has to be read. */
  mayWorkOn(openings: readonly OpenRun[]): boolean {
    return openings.some((opening) => {
      const about = this.aboutOf(opening)
      return about === undefined || this.mayWorkFor(about.agent)
    })
  }

  isGivenUp(opening: OpenRun): boolean {
    const about = this.aboutOf(opening)
    return about !== undefined && this.#missing.isGivenUp(about.agent)
  }

  /** Whether we are the one that tells people of a run's place, given that we are full. */
  isTellerFor(opening: OpenRun): boolean {
    const agent = this.aboutOf(opening)?.agent
    return agent !== undefined && isTeller(this.#own, this.#roster.others, agent)
  }
}

/** One opening of a run: a later one is another. */
function keyOf({ conversation, run, seq }: OpenRun): string {
  return JSON.stringify([conversation, run, seq])
}
