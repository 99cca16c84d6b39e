/**
 * One look at all open runs: which of them this worker may take, whose turn it is, and who is told how long they wait.
 *
 * It reads a conversation only when its turn has come, and not again before something has happened in it. What it
 * claims, and what becomes of that, is its worker's.
 */
import type { Engine, OpenRun } from "@everthread/engine"
import type { ConversationState, Run } from "@everthread/protocol"
import type { AttemptParts } from "./attempt-parts.ts"
import { firstOf, nextOf, type Places, type Waiting } from "./choice.ts"
import { ConversationView } from "./conversation-view.ts"
import { ExpiryWatch } from "./expiry-watch.ts"
import { LeaseWatch } from "./lease-watch.ts"
import { positionsMax, QueuePositions } from "./queue-positions.ts"
import { byConversationOf, isWorkLeft, mayBeSettled, nameOf, nextRun } from "./run-queue.ts"
import type { ServedAgents } from "./served-agents.ts"
import { WaitingLine } from "./waiting-line.ts"

/** The worker that looks. */
export interface Claimant {
  readonly owner: string
  readonly agents: ServedAgents
  isWorkingOn(conversation: string): boolean
  /** None is free where it takes nothing any more. */
  places(): Places
  /** @param user who asked. */
  claim(opening: OpenRun, user: string, view: ConversationView): Promise<void>
  /** Says what went wrong with one thing, so that the others go on. */
  guard(what: string, run: () => Promise<unknown>, conversation?: string): Promise<void>
}

interface Quiet {
  readonly head: string
  /** The log may have been read after a run was queued that the list of openings lacked. */
  readonly openings: string
}

type ByConversation = ReadonlyMap<string, readonly OpenRun[]>

export class RunScan {
  readonly #engine: Engine
  readonly #clock: AttemptParts["clock"]
  readonly #claimant: Claimant
  readonly #watch: LeaseWatch
  readonly #expiries: ExpiryWatch
  readonly #line = new WaitingLine()
  readonly #positions: QueuePositions
  /** Conversations in which there was nothing to do, and what was known of them then: no news, nothing to do. */
  readonly #quiet = new Map<string, Quiet>()
  #runsQueued = 0
  #isFull = false
  /** Other workers that owned something at the last look, and those of them that were seen to be gone. */
  #owners: ReadonlySet<string> = new Set()
  #gone: ReadonlySet<string> = new Set()

  constructor(parts: AttemptParts, claimant: Claimant) {
    const { engine, clock, options } = parts
    this.#engine = engine
    this.#clock = clock
    this.#claimant = claimant
    this.#watch = new LeaseWatch(options.leaseTtlMs)
    this.#expiries = new ExpiryWatch(parts)
    this.#positions = new QueuePositions({ log: engine.log, clock, everyMs: options.pollMs })
  }

  /** Open runs of the whole store that nobody worked on at the last look. */
  get runsQueued(): number {
    return this.#runsQueued
  }

  /** Something that could be worked on here waited for a place at the last look. */
  get isFull(): boolean {
    return this.#isFull
  }

  async look(): Promise<void> {
    const openRuns = await this.#engine.leases.openRuns()
    this.#runsQueued = openRuns.filter((one) => one.owner?.run !== one.run && !this.#expiries.isWaiting(one)).length
    this.#claimant.agents.look(openRuns)
    const byConversation = byConversationOf(openRuns)
    for (const conversation of this.#quiet.keys()) {
      if (!byConversation.has(conversation)) this.#quiet.delete(conversation)
    }
    await this.#claimant.guard("answering what expired", () => this.#expiries.answerDue(byConversation))
    const gone = await this.#nodesGone(openRuns)
    const left = await this.#claimFrom(this.#lineOf(byConversation, gone), byConversation)
    this.#isFull = left.length > 0
    await this.#claimant.guard("telling places in the line", () => this.#tellPositions(left, byConversation))
  }

  /**
   * Looks only at the heartbeats of those whose runs it saw at the last look: much cheaper, so it may be done as often as
   * they beat. Somebody's silence then counts from their last beat, and not from whenever the next look would come.
   * @returns whether one is gone that was not before: time for a look.
   */
  async hasLostOwner(): Promise<boolean> {
    const before = this.#gone
    const gone = await this.#goneOwners()
    return [...gone].some((node) => !before.has(node))
  }

  /** The owners among other nodes that are gone. */
  async #nodesGone(openRuns: readonly OpenRun[]): Promise<ReadonlySet<string>> {
    const own = this.#claimant.owner
    this.#owners = new Set(openRuns.flatMap(({ owner }) => (owner && owner.node !== own ? [owner.node] : [])))
    this.#watch.keepOnly(this.#owners)
    return this.#goneOwners()
  }

  async #goneOwners(): Promise<ReadonlySet<string>> {
    const nodes = [...this.#owners]
    const beats = nodes.length === 0 ? new Map<string, number>() : await this.#engine.leases.beats(nodes)
    const nowMs = this.#clock.monotonic()
    this.#gone = new Set(nodes.filter((node) => this.#watch.observe(node, beats.get(node) ?? 0, nowMs) === "gone"))
    return this.#gone
  }

  /** The conversations that wait for a place here. */
  #lineOf(byConversation: ByConversation, gone: ReadonlySet<string>): Waiting[] {
    const { agents } = this.#claimant
    const candidates = [...byConversation].filter(
      ([conversation, openings]) => this.#mayClaim(conversation, openings, gone) && agents.mayWorkOn(openings),
    )
    return this.#line.update(
      candidates.map(([conversation, [first]]) => {
        // Whose it is may not be known before its turn: then it counts as somebody's who has nothing else.
        const user = (first && agents.aboutOf(first)?.user) ?? ` ${conversation}`
        return { conversation, user }
      }),
    )
  }

  #mayClaim(conversation: string, openings: readonly OpenRun[], gone: ReadonlySet<string>): boolean {
    if (this.#claimant.isWorkingOn(conversation) || this.#expiries.isAsleep(conversation, openings)) return false
    const owner = openings[0]?.owner
    // Our own claim without an attempt is one that could not be given up.
    return !owner || owner.node === this.#claimant.owner || gone.has(owner.node)
  }

  /** @returns those for which there is no place. */
  async #claimFrom(line: readonly Waiting[], byConversation: ByConversation): Promise<Waiting[]> {
    let left = [...line]
    for (;;) {
      const places = this.#claimant.places()
      const next = nextOf(left, places)
      if (!next) return left.filter(({ conversation }) => !this.#quiet.has(conversation))
      left = left.filter((one) => one !== next)
      const { conversation } = next
      const openings = byConversation.get(conversation) ?? []
      const consider = () => this.#consider(conversation, openings)
      await this.#claimant.guard("looking at a conversation", consider, conversation)
      if (this.#claimant.isWorkingOn(conversation)) left = this.#line.chose(next, left, places)
    }
  }

  async #consider(conversation: string, openings: readonly OpenRun[]): Promise<void> {
    const { leases, log } = this.#engine
    if (await this.#isQuiet(conversation, openings)) return
    const view = new ConversationView(log, conversation)
    const state = await view.refresh()
    for (const stale of openings.filter(({ run }) => mayBeSettled(state, run))) {
      await leases.settle(conversation, stale.run, stale.seq)
    }
    this.#learn(openings, state)
    const next = nextRun(state)
    const opening = openings.find(({ run }) => run === next?.id)
    if (!next || !opening || !isWorkLeft(state, opening.run) || !this.#mayWorkOn(next)) {
      this.#quiet.set(conversation, { head: view.cursor, openings: nameOf(openings) })
      this.#expiries.see(conversation, openings, state)
      return
    }
    this.#quiet.delete(conversation)
    await this.#claimant.claim(opening, next.by.user, view)
  }

  /** An agent that was given up meanwhile is no news in the log. */
  async #isQuiet(conversation: string, openings: readonly OpenRun[]): Promise<boolean> {
    const quiet = this.#quiet.get(conversation)
    if (quiet?.openings !== nameOf(openings)) return false
    if (openings.some((one) => this.#claimant.agents.isGivenUp(one))) return false
    return quiet.head === (await this.#engine.log.head(conversation))
  }

  #learn(openings: readonly OpenRun[], state: ConversationState): void {
    for (const opening of openings) {
      const run = state.runs.find(({ id }) => id === opening.run)
      if (run) this.#claimant.agents.learn(opening, { agent: run.agent, user: run.by.user })
    }
  }

  /** One that was stopped is only to be ended, which takes no graph. */
  #mayWorkOn({ agent, stopBy }: Run): boolean {
    return stopBy !== undefined || this.#claimant.agents.mayWorkFor(agent)
  }

  async #tellPositions(left: readonly Waiting[], byConversation: ByConversation): Promise<void> {
    const firstRun = (conversation: string) => byConversation.get(conversation)?.[0]
    const waiting = new Set(left.map(({ conversation }) => firstRun(conversation)?.run))
    const placed = firstOf(left, this.#claimant.places(), positionsMax).flatMap(({ conversation }, index) => {
      const first = firstRun(conversation)
      if (!first || !this.#claimant.agents.isTellerFor(first)) return []
      return [{ conversation, run: first.run, position: index + 1 }]
    })
    await this.#positions.tell(placed, (run) => waiting.has(run))
  }
}
