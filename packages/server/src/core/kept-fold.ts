/**
 * The fold of a live conversation, kept up to its head with no more work than somebody asks for.
 *
 * Frames wait here until the state is needed. A message to other people needs it less often: who belongs here and what is
 * at work is the same after most events, which are messages and tokens.
 *
 * What waits is bounded: where more comes, it is folded.
 */
import type { ChatMessage, ConversationState, EventType } from "@everthread/protocol"
import { type Folded, foldFrame } from "./fold.ts"
import type { FrameEntry, LogFrame } from "./log-frame.ts"

/** What a message needs to know of its conversation before it is appended. */
export type Standing = Pick<ConversationState, "members" | "agent">

/** These events change no standing. Of all others it is taken for granted that they may. */
const changeNothing: ReadonlySet<string> = new Set<EventType>([
  "message",
  "delta",
  "agent",
  "edit",
  "redaction",
  "reaction",
  "receipt",
])

const waitingCharsMax = 131_072
const typeFrom = '{"type":"'.length

export class KeptFold {
  #folded: Folded
  #waiting: LogFrame[] = []
  #waitingChars = 0
  /** Whether something waits that may change the standing. */
  #mayHaveMoved = false

  constructor(folded: Folded) {
    this.#folded = folded
  }

  /** @param frame follows what came before it. Throws where it is folded, and cannot be. */
  push(frame: LogFrame): void {
    this.#waiting.push(frame)
    this.#waitingChars += frame.bodyChars
    this.#mayHaveMoved ||= frame.entries.some(mayMove)
    if (this.#waitingChars > waitingCharsMax) this.whole()
  }

  /** The fold at the head; every frame that waited learns the state it starts from. Throws where that cannot be. */
  whole(): Folded {
    for (const frame of this.#waiting) this.#folded = foldFrame(this.#folded, frame)
    this.#waiting = []
    this.#waitingChars = 0
    this.#mayHaveMoved = false
    return this.#folded
  }

  /** Throws as `whole` does. */
  standing(): Standing {
    return this.#mayHaveMoved ? this.whole().state : this.#folded.state
  }

  /** Forgets the messages that the fold collected. */
  archived(messages: readonly ChatMessage[]): void {
    const gone = new Set(messages.map((message) => message.seq))
    const dropped = this.#folded.dropped.filter((message) => !gone.has(message.seq))
    this.#folded = { ...this.#folded, dropped }
  }
}

/** A cheap look, without parsing. A body whose type does not stand first may be anything. */
function mayMove({ body }: FrameEntry): boolean {
  const isPlain = body.startsWith('{"type":"')
  return !isPlain || !changeNothing.has(body.slice(typeFrom, body.indexOf('"', typeFrom)))
}
