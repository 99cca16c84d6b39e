/**
 * What stands in the queue behind a run that is under way, as its owner sees it: only who owns the conversation may write
 * what becomes of a run, so it also puts away what was taken out of the queue, and takes in what asked for that.
 * (SPEC QUE5, QUE6)
 *
 * A message that is taken in is given to the graph first; when a checkpoint says that the thread has it, its run is
 * `merged`, before the graph goes on. Whoever dies in between leaves a queued run and a checkpoint that names it.
 */
import { type ConversationState, type EventBody, type EventOf, isWaitingItsTurn, type Run } from "@everthread/protocol"
import type { AttemptParts, Claim } from "./attempt-parts.ts"
import type { ConversationView } from "./conversation-view.ts"
import type { FencedWriter } from "./fenced-writer.ts"
import type { AttemptInput, AttemptRequest, Graph, Intake } from "./graph.ts"
import { inputOfAll, runsToTakeIn } from "./steering.ts"

export class QueueBehind implements Intake {
  readonly #parts: AttemptParts
  readonly #claim: Claim
  readonly #writer: FencedWriter
  readonly #view: ConversationView
  #run: Run | undefined
  #given: readonly string[] = []
  readonly #merged = new Set<string>()
  #looking: Promise<void> | undefined
  #lookAgain = false

  /** @param view whoever made it reads on in it no more when `begin` was called. */
  constructor(parts: AttemptParts, claim: Claim, writer: FencedWriter, view: ConversationView) {
    this.#parts = parts
    this.#claim = claim
    this.#writer = writer
    this.#view = view
  }

  /** The run is under way. What was given to its thread by an earlier attempt is not given again. */
  async begin(run: Run, given: readonly string[]): Promise<void> {
    this.#run = run
    this.#given = given
    const isQueued = (id: string) => this.#view.state.runs.some((held) => held.id === id && isWaitingItsTurn(held))
    for (const id of given) if (!isQueued(id)) this.#merged.add(id)
    await this.kept()
    // The state is as new as the attempt: only what was heard of since has to be read.
    if (this.#lookAgain) this.look()
    else await this.#putAway()
  }

  /** Something may have changed in the queue. Never throws. */
  look(): void {
    this.#lookAgain = true
    if (!this.#run) return
    this.#looking ??= this.#lookOn().finally(() => {
      this.#looking = undefined
      // Heard after the last look had ended, and before this.
      if (this.#lookAgain) this.look()
    })
  }

  /** Resolves when nothing is under way here any more. */
  async settled(): Promise<void> {
    while (this.#looking) await this.#looking
  }

  get given(): readonly string[] {
    return this.#given
  }

  isWanted(): boolean {
    return this.#toTakeIn(this.#view.state).length > 0
  }

  async kept(): Promise<void> {
    const news = this.#given.filter((id) => !this.#merged.has(id))
    if (news.length === 0) return
    for (const id of news) this.#merged.add(id)
    await this.#end(news, { outcome: "merged", into: this.#claim.run })
  }

  /**
   * The graph has stopped at the end of a superstep: what it goes on with. While a tool call has no result it is what the
   * graph would have done anyway.
   */
  async next(graph: Graph, request: AttemptRequest): Promise<AttemptInput> {
    this.look()
    await this.settled()
    const runs = this.#toTakeIn(this.#view.state)
    const messages = inputOfAll(this.#view.state, runs, this.#parts.options.contextMessagesMax)
    if (messages.length === 0 || (await graph.hasOpenCalls(request))) return { kind: "continue" }
    this.#given = [...this.#given, ...runs.map(({ id }) => id)]
    return { kind: "messages", messages }
  }

  #toTakeIn(state: ConversationState): Run[] {
    return this.#run ? runsToTakeIn(state, this.#run, this.#given) : []
  }

  async #lookOn(): Promise<void> {
    try {
      while (this.#lookAgain) {
        this.#lookAgain = false
        await this.#view.refresh()
        await this.#putAway()
      }
    } catch (error) {
      if (this.#writer.lost.aborted) return
      const { conversation, run } = this.#claim
      this.#parts.log({ level: "warn", text: "could not look at the queue behind the run", conversation, run, error })
    }
  }

  async #putAway(): Promise<void> {
    const isOver = (run: Run) => isWaitingItsTurn(run) && run.stopBy !== undefined && !this.#given.includes(run.id)
    const over = this.#view.state.runs.filter((run) => run.id !== this.#claim.run && isOver(run))
    if (over.length > 0)
      await this.#end(
        over.map(({ id }) => id),
        { outcome: "stopped" },
      )
  }

  async #end(runs: readonly string[], end: Pick<EventOf<"run.ended">, "outcome" | "into">) {
    const time = this.#parts.clock.now()
    const bodies = runs.map((run): EventBody => ({ type: "run.ended", time, run, ...end }))
    await this.#writer.append(bodies, { runs: runs.map((run) => ({ run, state: "done" })) })
  }
}

/** Whether the entry may change what stands in the queue. Cheap, because every token of the conversation passes here. */
export function mayChangeQueue(body: string): boolean {
  return body.includes('"run.stop"') || (body.includes('"run.queued"') && body.includes('"steer"'))
}
