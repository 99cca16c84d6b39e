/**
 * One conversation in LangChain's events: the run that is shown, from its beginning, then everything new.
 *
 * It is told the log by our own client, which has joined it across reconnects and nodes, so nothing here knows of
 * connections. LangChain's side remembers ids and leaves out what it has: each of its subscriptions is told the shown run
 * anew under the same ids, which count up and mean nothing beyond this object. What is kept for that is bounded: of a run
 * that said more, a new subscription is told what it has come to.
 */
import { type ConversationState, reduce, type Seq } from "@everthread/protocol"
import {
  eventsOf,
  failure,
  lifecycle,
  replacedValues,
  runSoFar,
  type StreamEvent,
  shownFrom,
  values,
  wireText,
} from "@everthread/protocol/langgraph"
import type { Conversation } from "../conversation.ts"
import type { ConversationUpdate } from "../conversation-model.ts"
import { errorOf } from "../entrance.ts"

/** Events of the shown run that are kept for later subscriptions. */
const keptMax = 5_000

interface Told {
  /** The entry of the log that it comes from. */
  readonly seq: Seq
  readonly text: string
  readonly isPassing: boolean
}

export class ThreadEvents {
  readonly #conversation: Conversation
  readonly #push: (texts: readonly string[]) => void
  readonly #updates: AsyncIterableIterator<ConversationUpdate>
  #state: ConversationState
  /** What a later subscription is told; `undefined`: too much to be kept, so it is told what it has come to. */
  #kept: readonly Told[] | undefined
  /** The first entry of the run that is kept, or was too long for it. */
  #from: Seq = 0
  #made = 0

  /**
   * @param conversation one that is live.
   * @param push takes frames as they would come over a socket.
   */
  constructor(conversation: Conversation, push: (texts: readonly string[]) => void) {
    this.#conversation = conversation
    this.#push = push
    this.#updates = conversation.events()
    this.#state = conversation.snapshot().state
    this.#begin()
    void this.#follow()
  }

  /** Tells the shown run from its beginning, and where it stands: for a subscription that has just been made. */
  replay(): void {
    this.#tell([...(this.#kept ?? this.#soFar()), ...this.#placed(this.#state.seq, whereItStands(this.#state))])
  }

  close(): void {
    void this.#updates.return?.()
  }

  async #follow(): Promise<void> {
    const { snapshot, subscribe } = this.#conversation
    const stop = subscribe(() => {
      if (snapshot().status !== "closed") return
      this.#push([JSON.stringify(failure(null, errorOf(snapshot())))])
      this.close()
    })
    for await (const update of this.#updates) this.#take(update)
    stop()
  }

  #take(update: ConversationUpdate): void {
    if (update.type === "snapshot") return this.#startOver(update.state)
    let state = this.#state
    const told = update.events.flatMap((event) => {
      const before = state
      state = reduce(before, event)
      return this.#placed(event.seq, eventsOf(event, before, state))
    })
    this.#state = state
    this.#tell(told)
    this.#keep(told.filter(({ isPassing }) => !isPassing))
  }

  #keep(told: readonly Told[]): void {
    const from = shownFrom(this.#state)
    // Another run: what was too long is over.
    const before = from > this.#from ? (this.#kept ?? []) : this.#kept
    const kept = before && [...before, ...told].filter(({ seq }) => seq >= from)
    // Half of it would not do: who has been told the rest leaves that out, and would have the first half alone.
    this.#kept = kept && kept.length > keptMax ? undefined : kept
    this.#from = from
  }

  /** What was shown of a history that is not ours any more goes, and what there is comes. */
  #startOver(state: ConversationState): void {
    const replaced = replacedValues(this.#state, state, timeOf(state))
    this.#state = state
    this.#tell(this.#placed(state.seq, replaced))
    this.#begin()
    this.replay()
  }

  #begin(): void {
    this.#kept = this.#soFar()
    this.#from = shownFrom(this.#state)
  }

  /** What the shown run has come to, under new ids. */
  #soFar(): Told[] {
    return this.#placed(this.#state.seq, runSoFar(this.#state, timeOf(this.#state)))
  }

  #placed(seq: Seq, events: readonly StreamEvent[]): Told[] {
    return events.map((event) => {
      this.#made += 1
      const text = wireText({ id: String(this.#made), position: this.#made, event })
      return { seq, text, isPassing: event.isPassing === true }
    })
  }

  #tell(told: readonly Told[]): void {
    if (told.length > 0) this.#push(told.map(({ text }) => text))
  }
}

/** A page that shows no run has to be told that nothing is under way. */
function whereItStands(state: ConversationState): StreamEvent[] {
  const time = timeOf(state)
  return [values(state, time), ...(state.runs.length === 0 ? [lifecycle("completed", time)] : [])]
}

function timeOf({ messages }: ConversationState): number {
  return messages.at(-1)?.time ?? 0
}
