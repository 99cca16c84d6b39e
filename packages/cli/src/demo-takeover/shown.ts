/**
 * What one device shows of the story, moment by moment, from the events that it applies.
 *
 * At each moment it has to be how the story begins: what is doubled, lost, or left over from a dead node is counted
 * here, however short it was to be seen. (SPEC RUN3)
 */
import type { ConversationUpdate } from "@everthread/client"
import { type ConversationState, emptyState, type LogEvent, reduce, textOf } from "@everthread/protocol"

export class Shown {
  readonly #story: readonly string[]
  #state: ConversationState = emptyState
  /** Moments at which it was something else than the beginning of the story. */
  wrongMoments = 0
  /** The attempts' nodes, in their order. */
  readonly attempts: string[] = []
  ends = 0
  /** What was taken back. */
  readonly retracted: string[] = []
  /** How many chapters were left when something was last taken back. */
  keptChapters = 0

  /** @param story as it is told when nothing happens, chapter by chapter. */
  constructor(story: readonly string[]) {
    this.#story = story
  }

  /** Chapter by chapter, as far as it has come. */
  get chapters(): readonly string[] {
    return this.#state.messages.filter(({ role }) => role === "assistant").map(textOf)
  }

  /** Questions that were asked: there is one, however often it was sent. */
  get questions(): number {
    return this.#state.messages.filter(({ role }) => role === "user").length
  }

  take(update: ConversationUpdate): void {
    if (update.type === "events") for (const event of update.events) this.#apply(event)
    else this.#show(update.state)
  }

  #apply(event: LogEvent): void {
    if (event.type === "run.attempt") this.attempts.push(event.node)
    if (event.type === "run.ended") this.ends += 1
    if (event.type === "rewind") this.retracted.push(...this.#textsOf(event.messages))
    this.#show(reduce(this.#state, event))
    if (event.type === "rewind") this.keptChapters = this.chapters.length
  }

  #show(state: ConversationState): void {
    this.#state = state
    if (!this.#isBeginning()) this.wrongMoments += 1
  }

  #textsOf(ids: readonly string[]): string[] {
    return this.#state.messages.filter(({ id }) => ids.includes(id)).map(textOf)
  }

  /** Only the last chapter may be in the making. */
  #isBeginning(): boolean {
    const { chapters } = this
    const last = chapters.length - 1
    return chapters.every((text, index) => {
      const right = this.#story[index]
      return index < last ? text === right : right?.startsWith(text) === true
    })
  }
}
