/**
 * Looks for open runs, claims those whose conversation nobody alive owns, and works on them: one run at
 * a time in a conversation, in the order of the queue (SPEC RUN7), several conversations at once.
 *
 * Runs of agents that it does not serve are left to others, and ended only where nobody has served them for long. A
 * worker without graphs does just that, and knows who serves what: it is what a gateway has.
 *
 * An announcement is only a hint; the list of open runs is the truth and is read again on a timer. So is
 * the heartbeat. Nothing that goes wrong with one conversation reaches the loop or another conversation.
 */
import type { Fence, OpenRun } from "@everthread/engine"
import type { AttemptEnd } from "./attempt-end.ts"
import type { AttemptParts } from "./attempt-parts.ts"
import type { Places } from "./choice.ts"
import type { ConversationView } from "./conversation-view.ts"
import { RunAttempt } from "./run-attempt.ts"
import { RunScan } from "./run-scan.ts"
import { ServedAgents } from "./served-agents.ts"
import { repeat, wait } from "./wait.ts"

interface Active {
  /** Who asked. */
  readonly user: string
  readonly attempt: RunAttempt
  readonly done: Promise<void>
}

type WorkerState = "running" | "draining" | "stopped"

const nonceChars = 16
const lifeChars = 8

export class AgentWorker {
  readonly #parts: AttemptParts
  /** Whose heartbeat and claims these are: a node's name may be another process's too, by mistake or after a restart. */
  readonly #owner: string
  readonly #agents: ServedAgents
  readonly #runs: RunScan
  readonly #active = new Map<string, Active>()
  #state: WorkerState = "running"
  #scan: Promise<void> | undefined
  #scanAgain = false
  /** What failed when it was tried last: it is told once, and not every few seconds while the store is away. */
  readonly #failing = new Set<string>()
  readonly #stops: { beat: () => void; poll: () => void } = { beat: () => undefined, poll: () => undefined }
  #unlisten: () => void = () => undefined

  constructor(parts: AttemptParts) {
    this.#parts = parts
    this.#owner = `${parts.node} ${parts.random.id(lifeChars)}`
    this.#agents = new ServedAgents(parts, this.#owner)
    this.#runs = new RunScan(parts, {
      owner: this.#owner,
      agents: this.#agents,
      isWorkingOn: (conversation) => this.#active.has(conversation),
      places: () => this.#places(),
      claim: (opening, user, view) => this.#claim(opening, user, view),
      guard: (what, run, conversation) => this.#guard(what, run, conversation),
    })
  }

  /** Every agent that some worker serves, or has served lately; our own in front. */
  get agents(): readonly string[] {
    return this.#agents.names
  }

  /** Those of them that a worker serves which lives. */
  get agentsServed(): readonly string[] {
    return this.#agents.served
  }

  /** Runs under way, for people. */
  get runsActive(): number {
    return this.#active.size
  }

  /** Open runs of the whole store that nobody worked on when this worker looked last, for people. */
  get runsQueued(): number {
    return this.#runs.runsQueued
  }

  /** Resolves when it is known who serves what at this moment. The worker need not have started: it only looks. */
  async lookAround(): Promise<void> {
    await this.#agents.lookAround()
  }

  /** Resolves when the node's first heartbeat is stored: from then on its claims are respected. */
  async start(): Promise<void> {
    const { engine, clock, options } = this.#parts
    // Beaten before it is announced: one that was announced and has no count has left.
    await engine.leases.beat(this.#owner)
    await this.#agents.announce(false)
    this.#unlisten = engine.leases.onOpened(() => this.#look())
    const beat = async () => {
      await this.#guard("the heartbeat", () => engine.leases.beat(this.#owner))
      if (this.#state !== "running") return
      await this.#guard("looking at others' heartbeats", async () => {
        if (await this.#runs.hasLostOwner()) this.#look()
      })
    }
    this.#stops.beat = repeat(clock, options.heartbeatMs, beat)
    this.#stops.poll = repeat(clock, options.pollMs, async () => {
      await this.#guard("looking for other workers", () => this.#agents.announce(this.#runs.isFull))
      this.#look()
    })
    this.#look()
  }

  /**
   * Claims nothing any more, lets each graph finish its superstep, and hands the runs over. At the deadline
   * those that still work are handed over as they are. They stay open: whoever looks next goes on.
   */
  async drain(deadlineMs: number): Promise<void> {
    if (this.#state !== "running") return
    this.#state = "draining"
    this.#unlisten()
    this.#stops.poll()
    await this.#scan
    const active = [...this.#active.values()]
    for (const { attempt } of active) attempt.drain()
    const allDone = new AbortController()
    const done = Promise.all(active.map((run) => run.done)).then(() => allDone.abort())
    await wait(this.#parts.clock, deadlineMs, allDone.signal)
    for (const { attempt } of this.#active.values()) attempt.abandon()
    await done
    this.#stops.beat()
    this.#state = "stopped"
    await this.#guard("leaving", async () => {
      await this.#parts.engine.leases.leave(this.#owner)
      await this.#agents.withdraw()
    })
  }

  /** One look at a time; a hint that comes during one makes another. */
  #look(): void {
    this.#scanAgain = true
    if (this.#state !== "running") return
    this.#scan ??= this.#scanAll().finally(() => {
      this.#scan = undefined
      if (this.#scanAgain) this.#look()
    })
  }

  async #scanAll(): Promise<void> {
    this.#scanAgain = false
    await this.#guard("looking for runs", () => this.#runs.look())
  }

  #places(): Places {
    const held = new Map<string, number>()
    for (const { user } of this.#active.values()) held.set(user, (held.get(user) ?? 0) + 1)
    return { free: this.#state === "running" ? this.#parts.options.runsMax - this.#active.size : 0, held }
  }

  async #claim({ conversation, run, owner, seq }: OpenRun, user: string, view: ConversationView): Promise<void> {
    const { engine, random } = this.#parts
    const nonce = random.id(nonceChars)
    const fence = await engine.leases.claim({ conversation, run, node: this.#owner, nonce, instead: owner?.fence })
    if (!fence) return
    if (owner) this.#parts.observer?.takenOver()
    const attempt = new RunAttempt(this.#parts, { conversation, run, opened: seq, fence }, view)
    const done = attempt.work().then((end) => this.#done(conversation, attempt.hasReleased ? undefined : fence, end))
    this.#active.set(conversation, { user, attempt, done })
  }

  /** @param fence what is to be given up still. */
  async #done(conversation: string, fence: Fence | undefined, end: AttemptEnd): Promise<void> {
    if (fence)
      await this.#guard("releasing", () => this.#parts.engine.leases.release(conversation, fence), conversation)
    this.#active.delete(conversation)
    // What was lost is looked at again when the timer says so, not in a circle.
    if (end !== "lost") this.#look()
  }

  async #guard(what: string, run: () => Promise<unknown>, conversation?: string): Promise<void> {
    const where = conversation === undefined ? {} : { conversation }
    try {
      await run()
      if (conversation === undefined) this.#failing.delete(what)
    } catch (error) {
      const level = this.#failing.has(what) ? "debug" : "warn"
      if (conversation === undefined) this.#failing.add(what)
      this.#parts.log({ level, text: `${what} failed and will be tried again`, ...where, error })
    }
  }
}
