/**
 * A state that grows by events, and the messages that have left its window on the way. (SPEC SNP1, LOG8)
 *
 * What has left is known by a digest alone, so that a long log costs little.
 */
import { type ChatMessage, type ConversationState, type LogEvent, reduce, type Seq } from "@everthread/protocol"
import { digestOf } from "./canonical.ts"

export class Replay {
  #state: ConversationState
  readonly #left = new Map<Seq, string>()

  constructor(state: ConversationState) {
    this.#state = state
  }

  get state(): ConversationState {
    return this.#state
  }

  /** Where the messages began that have left the window and have not expired, and a digest of each. */
  left(): ReadonlyMap<Seq, string> {
    const { expiredUpTo = 0 } = this.#state
    return new Map([...this.#left].filter(([seq]) => seq > expiredUpTo))
  }

  push(event: LogEvent): void {
    const before = this.#state.messages
    this.#state = reduce(this.#state, event)
    const after = this.#state.messages
    // What is taken back goes nowhere; so does what expires.
    if (after === before || event.type === "rewind" || event.type === "expired") return
    for (const message of goneFrom(before, after)) this.#left.set(message.seq, digestOf(message))
  }
}

function goneFrom(before: readonly ChatMessage[], after: readonly ChatMessage[]): ChatMessage[] {
  // Nothing but a new message pushes others out, and then there are not more than before.
  if (after.length > before.length) return []
  const held = new Set(after.map(({ seq }) => seq))
  return before.filter(({ seq }) => !held.has(seq))
}
