/**
 * Looks for open runs, claims those whose conversation nobody alive owns, and works on them: one run at
 * a time in a conversation, in the order of the queue (SPEC RUN7), several conversations at once.
 *
 * An announcement is only a hint; the list of open runs is the truth and is read again on a timer. So is
 * the heartbeat. Nothing that goes wrong with one conversation reaches the loop or another conversation.
 */
import type { Fence, OpenRun } from "@everthread/engine"
import type { AttemptEnd } from "./attempt-end.ts"
import type { AttemptParts } from "./attempt-parts.ts"
import { ConversationView } from "./conversation-view.ts"
import { LeaseWatch } from "./lease-watch.ts"
import { RunAttempt } from "./run-attempt.ts"
import { byConversationOf, isWorkLeft, nextRun } from "./run-queue.ts"
import { repeat, wait } from "./wait.ts"

type WorkerState = "running" | "draining" | "stopped"

const nonceChars = 16
const lifeChars = 8

export class AgentWorker {
  readonly #parts: AttemptParts
  readonly #watch: LeaseWatch
  /** Whose heartbeat and claims these are: a node's name may be another process's too, by mistake or after a restart. */
  readonly #owner: string
  readonly #active = new Map<string, { readonly attempt: RunAttempt; readonly done: Promise<void> }>()
  /** Conversations in which there was nothing to do, and the head they had then: no news, nothing to do. */
  readonly #quiet = new Map<string, string>()
  #state: WorkerState = "running"
  #scan: Promise<void> | undefined
  #scanAgain = false
  /** What failed when it was tried last: it is told once, and not every few seconds while the store is away. */
  readonly #failing = new Set<string>()
  readonly #stops: { beat: () => void; poll: () => void } = { beat: () => undefined, poll: () => undefined }
  #unlisten: () => void = () => undefined
  #runsQueued = 0

  constructor(parts: AttemptParts) {
    this.#parts = parts
    this.#watch = new LeaseWatch(parts.options.leaseTtlMs)
    this.#owner = `${parts.node} ${parts.random.id(lifeChars)}`
  }

  /** Resolves when the node's first heartbeat is stored: from then on its claims are respected. */
  async start(): Promise<void> {
    const { engine, clock, options } = this.#parts
    await engine.leases.beat(this.#owner)
    this.#unlisten = engine.leases.onOpened(() => this.#look())
    const beat = () => this.#guard("the heartbeat", () => engine.leases.beat(this.#owner))
    this.#stops.beat = repeat(clock, options.heartbeatMs, beat)
    this.#stops.poll = repeat(clock, options.pollMs, async () => this.#look())
    this.#look()
  }

  /** Runs under way, for people. */
  get runsActive(): number {
    return this.#active.size
  }

  /** Open runs of the whole store that nobody worked on when this worker looked last, for people. */
  get runsQueued(): number {
    return this.#runsQueued
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
    await this.#guard("leaving", () => this.#parts.engine.leases.leave(this.#owner))
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
    await this.#guard("looking for runs", async () => {
      const openRuns = await this.#parts.engine.leases.openRuns()
      this.#runsQueued = openRuns.filter(({ run, owner }) => owner?.run !== run).length
      const byConversation = byConversationOf(openRuns)
      for (const conversation of this.#quiet.keys()) {
        if (!byConversation.has(conversation)) this.#quiet.delete(conversation)
      }
      const gone = await this.#nodesGone([...byConversation.values()].flat())
      for (const [conversation, openings] of byConversation) {
        if (this.#state !== "running" || this.#active.size >= this.#parts.options.runsMax) return
        if (!this.#mayClaim(conversation, openings, gone)) continue
        await this.#guard("looking at a conversation", () => this.#consider(conversation, openings), conversation)
      }
    })
  }

  /** The owners among other nodes that are gone. */
  async #nodesGone(openings: readonly OpenRun[]): Promise<ReadonlySet<string>> {
    const nodes = new Set(openings.flatMap(({ owner }) => (owner && owner.node !== this.#owner ? [owner.node] : [])))
    this.#watch.keepOnly(nodes)
    if (nodes.size === 0) return nodes
    const beats = await this.#parts.engine.leases.beats([...nodes])
    const nowMs = this.#parts.clock.monotonic()
    return new Set([...nodes].filter((node) => this.#watch.observe(node, beats.get(node) ?? 0, nowMs) === "gone"))
  }

  #mayClaim(conversation: string, openings: readonly OpenRun[], gone: ReadonlySet<string>): boolean {
    if (this.#active.has(conversation)) return false
    const owner = openings[0]?.owner
    // Our own claim without an attempt is one that could not be given up.
    return !owner || owner.node === this.#owner || gone.has(owner.node)
  }

  async #consider(conversation: string, openings: readonly OpenRun[]): Promise<void> {
    const { engine } = this.#parts
    if (this.#quiet.has(conversation) && this.#quiet.get(conversation) === (await engine.log.head(conversation))) return
    const view = new ConversationView(engine.log, conversation)
    const state = await view.refresh()
    for (const stale of openings.filter(({ run }) => !isWorkLeft(state, run))) {
      await engine.leases.settle(conversation, stale.run, stale.seq)
    }
    const next = nextRun(state)
    const opening = openings.find(({ run }) => run === next?.id)
    if (!opening || !isWorkLeft(state, opening.run)) {
      this.#quiet.set(conversation, view.cursor)
      return
    }
    this.#quiet.delete(conversation)
    await this.#claim(opening)
  }

  async #claim({ conversation, run, owner, seq }: OpenRun): Promise<void> {
    const { engine, random } = this.#parts
    const nonce = random.id(nonceChars)
    const fence = await engine.leases.claim({ conversation, run, node: this.#owner, nonce, instead: owner?.fence })
    if (!fence) return
    if (owner) this.#parts.observer?.takenOver()
    const attempt = new RunAttempt(this.#parts, { conversation, run, opened: seq, fence })
    const done = attempt.work().then((end) => this.#done(conversation, fence, end))
    this.#active.set(conversation, { attempt, done })
  }

  async #done(conversation: string, fence: Fence, end: AttemptEnd): Promise<void> {
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
