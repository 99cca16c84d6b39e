/**
 * One attempt at a run, from the claim to the release: the only place that writes a run's output.
 *
 * It listens before it makes sure that it knows the newest state, so a stop that comes in between is not
 * lost; and it begins only while the log still ends where that state does, so that a run that was begun is the first of
 * its queue, and no other one writes to its thread before it has ended. (SPEC RUN7) Everything it appends carries the
 * claim's fence. How it may end is `AttemptEnd`; it never throws.
 */
import { bodyOf } from "@everthread/engine"
import { type ConversationState, type EventBody, type EventOf, isOpen, type Run } from "@everthread/protocol"

import { hasOpenQuestion } from "./answers.ts"
import type { AttemptEnd } from "./attempt-end.ts"
import type { AttemptParts, Claim } from "./attempt-parts.ts"
import { ConversationView } from "./conversation-view.ts"
import { FencedWriter, OwnershipLostError } from "./fenced-writer.ts"
import type { LoadedGraph } from "./graph.ts"
import { GraphRun } from "./graph-run.ts"
import { expiringQuestions } from "./questions.ts"
import { mayChangeQueue, QueueBehind } from "./queue-behind.ts"
import { failed, missingAgent, tooManyTries } from "./run-ends.ts"
import { isFirst } from "./run-queue.ts"
import { countTry } from "./tries.ts"

export class RunAttempt {
  readonly #parts: AttemptParts
  readonly #claim: Claim
  readonly #writer: FencedWriter
  readonly #view: ConversationView
  readonly #behind: QueueBehind
  readonly #graphRun: GraphRun
  /** Whether there were attempts before this one: they may have used tools that happen once. */
  #isLater = false
  /** Whether this attempt is in the log. */
  #hasStarted = false

  /** @param view of the conversation, read before the claim; nobody else reads on in it. */
  constructor(parts: AttemptParts, claim: Claim, view: ConversationView) {
    this.#parts = parts
    this.#claim = claim
    this.#writer = new FencedWriter({ ...parts, log: parts.engine.log }, claim.conversation, claim.fence)
    this.#view = view
    this.#behind = new QueueBehind(parts, claim, this.#writer, this.#view)
    this.#graphRun = new GraphRun(parts, claim, this.#writer, this.#behind)
  }

  /** Whether it has given its conversation up. */
  get hasReleased(): boolean {
    return this.#writer.hasReleased
  }

  /** Finish the superstep, then hand the run over. */
  drain(): void {
    this.#graphRun.drain()
  }

  /** Hand the run over now. What still waits to be stored is of no use: whoever goes on says it again. */
  abandon(): void {
    this.#graphRun.halt("drain")
    this.#writer.giveUp()
  }

  async work(): Promise<AttemptEnd> {
    const end = await this.#work()
    if (this.#hasStarted) this.#parts.observer?.attemptEnded(end)
    return end
  }

  async #work(): Promise<AttemptEnd> {
    try {
      return await this.#listenAndWork()
    } catch (error) {
      const { conversation, run } = this.#claim
      const isLost = error instanceof OwnershipLostError
      const text = isLost ? "the run is owned by another node now" : "the attempt could not go on"
      this.#parts.log({ level: isLost ? "info" : "error", text, conversation, run, error })
      this.#graphRun.halt("lost")
      return "lost"
    } finally {
      this.#writer.giveUp()
    }
  }

  async #listenAndWork(): Promise<AttemptEnd> {
    const { conversation, run } = this.#claim
    const unlisten = await this.#parts.engine.log.listen(conversation, {
      appended: ({ entries }) => {
        if (entries.some((entry) => isStop(entry.body) && isStopOf(bodyOf(entry), run))) this.#graphRun.halt("stop")
        if (entries.some((entry) => mayChangeQueue(entry.body))) this.#behind.look()
      },
      ephemeral() {},
      missed: () => {
        void this.#lookForStop()
        this.#behind.look()
      },
    })
    try {
      return await this.#begin(this.#view.state)
    } finally {
      unlisten()
      await this.#behind.settled()
    }
  }

  /** What was appended while nobody could tell may have been a stop. */
  async #lookForStop(): Promise<void> {
    const { conversation, run } = this.#claim
    try {
      const state = await new ConversationView(this.#parts.engine.log, conversation).refresh()
      if (state.runs.find(({ id }) => id === run)?.stopBy) this.#graphRun.halt("stop")
    } catch (error) {
      this.#parts.log({ level: "warn", text: "could not look for a stop", conversation, run, error })
    }
  }

  async #begin(state: ConversationState): Promise<AttemptEnd> {
    const run = state.runs.find(({ id }) => id === this.#claim.run)
    if (!run || !isOpen(run)) return this.#settle("ended")
    this.#isLater = run.attempt > 0
    if (run.stopBy) return this.#end({ outcome: "stopped" })
    // Another one may have been put before it since the claim was decided.
    if (!isFirst(state, run)) return "handed-over"
    if (run.status === "waiting" && hasOpenQuestion(state, run.id)) return this.#waiting(state, [])
    const loaded = this.#parts.graphs.get(run.agent)
    if (!loaded) return this.#end(missingAgent(run.agent, this.#parts.options.missingAfterMs))
    return this.#try(state, run, loaded)
  }

  async #try(state: ConversationState, run: Run, loaded: LoadedGraph): Promise<AttemptEnd> {
    const { engine, clock, node, options } = this.#parts
    const { expect, count } = await countTry(engine.log, this.#claim.conversation, state, run)
    if (count > options.attemptsMax) return this.#end(tooManyTries(options.attemptsMax))
    const begun: EventBody = { type: "run.attempt", time: clock.now(), run: run.id, attempt: run.attempt + 1, node }
    // What has come since may have taken the run's turn: then it begins later.
    const stored = await this.#writer.appendAfter(this.#view.cursor, [begun], expect ? { expect } : {})
    if (!stored) return this.#begin(await this.#view.refresh())
    this.#hasStarted = true
    this.#parts.observer?.attemptStarted()
    const result = await this.#graphRun.go(state, run, loaded.graph)
    switch (result.kind) {
      case "completed":
        return this.#end({ outcome: "completed" })
      case "stopped":
        return this.#end({ outcome: "stopped" })
      case "failed":
        return this.#end(failed(result.sentence))
      case "asked":
        return this.#wait(state, result.questions)
      case "handed-over":
        return "handed-over"
      case "lost":
        return "lost"
    }
  }

  /**
   * Asks and waits. The run is not taken off the index in the same step, because an answer or a stop may
   * have come in before this append and would be forgotten. Settling names the opening that *we* saw:
   * whatever came since opened the run again under another seq and stays open.
   */
  async #wait(state: ConversationState, questions: readonly EventBody[]): Promise<AttemptEnd> {
    const { run } = this.#claim
    await this.#writer.append([...questions, { type: "run.waiting", time: this.#parts.clock.now(), run }])
    return this.#waiting(state, questions)
  }

  /** A question that will expire keeps its run in the index: somebody has to see to it. */
  async #waiting(state: ConversationState, asked: readonly EventBody[]): Promise<AttemptEnd> {
    const isExpiring = asked.some((body) => body.type === "input.requested" && body.expiresAt !== undefined)
    const mayBeSettled = !isExpiring && expiringQuestions(state, this.#claim.run).length === 0
    return mayBeSettled ? this.#settle("waiting") : "waiting"
  }

  async #end(end: Pick<EventOf<"run.ended">, "outcome" | "error">): Promise<AttemptEnd> {
    const { run } = this.#claim
    const ended: EventBody = { type: "run.ended", time: this.#parts.clock.now(), run, ...end }
    await this.#writer.append([ended], { runs: [{ run, state: "done" }], release: true })
    await this.#forgetEffects()
    return "ended"
  }

  /** The run has ended, whatever becomes of this: what is left behind goes by itself, later. */
  async #forgetEffects(): Promise<void> {
    if (!this.#isLater && !this.#graphRun.hasEffects) return
    const { conversation, run } = this.#claim
    try {
      await this.#parts.engine.effects.forget(conversation, run)
    } catch (error) {
      this.#parts.log({ level: "debug", text: "the run's effects were not forgotten", conversation, run, error })
    }
  }

  async #settle(end: AttemptEnd): Promise<AttemptEnd> {
    const { conversation, run, opened } = this.#claim
    await this.#parts.engine.leases.settle(conversation, run, opened)
    return end
  }
}

/** Cheap, because every token of the conversation passes here. */
function isStop(body: string): boolean {
  return body.includes('"run.stop"')
}

function isStopOf(body: EventBody, run: string): boolean {
  return body.type === "run.stop" && body.run === run
}
