/**
 * The state of a conversation at the head of its feed: folded from the store when somebody first asks for it, and from
 * then on frame by frame.
 *
 * A frame that cannot be folded ends that. Whoever needs the state asks for it again, and learns why there is none.
 */
import type { EventLog } from "@everthread/engine"
import type { ChatMessage, Cursor } from "@everthread/protocol"
import { type Folded, foldFrame, foldLog } from "./fold.ts"
import { KeptFold, type Standing } from "./kept-fold.ts"
import type { LogFrame } from "./log-frame.ts"
import type { Log } from "./log-sink.ts"
import type { Meeting } from "./ring.ts"

interface StateOptions {
  readonly conversation: string
  readonly log: EventLog
  readonly logger: Log
  /** What the feed has behind that place, up to its head. */
  readonly meet: (cursor: Cursor) => Meeting
  /** Has the feed read what lies between its head and now. */
  readonly fill: () => Promise<void>
  readonly isClosed: () => boolean
}

export class StateAtHead {
  readonly #options: StateOptions
  #kept: KeptFold | undefined
  #folding: Promise<Folded | undefined> | undefined

  constructor(options: StateOptions) {
    this.#options = options
  }

  /** @returns `undefined` when the conversation is gone or the feed has closed. */
  whole(): Promise<Folded | undefined> {
    const folded = this.#keep((kept) => kept.whole())
    if (folded) return Promise.resolve(folded)
    this.#folding ??= this.#fold().finally(() => {
      this.#folding = undefined
    })
    return this.#folding
  }

  /** @returns nothing where the state is not kept. */
  standing(): Standing | undefined {
    return this.#keep((kept) => kept.standing())
  }

  /** @param isWanted the frame is to learn the states that it lies between. */
  push(frame: LogFrame, isWanted: boolean): void {
    this.#keep((kept) => {
      kept.push(frame)
      if (isWanted) kept.whole()
    })
  }

  /** Forgets the messages that the fold collected, once they are archived. */
  archived(messages: readonly ChatMessage[]): void {
    this.#kept?.archived(messages)
  }

  #keep<T>(about: (kept: KeptFold) => T): T | undefined {
    try {
      return this.#kept && about(this.#kept)
    } catch (error) {
      const { logger, conversation } = this.#options
      logger.error({ err: error, conversation }, "a frame could not be folded")
      this.#kept = undefined
      return undefined
    }
  }

  /** Folds what the store holds, then, in one step, what the feed has beyond it: so it ends at the head. */
  async #fold(): Promise<Folded | undefined> {
    const { conversation, log, meet, fill, isClosed } = this.#options
    while (!isClosed()) {
      const folded = await foldLog(log, conversation)
      if (!folded) return undefined
      const meeting = meet(folded.cursor)
      if (meeting.kind === "joined") {
        this.#kept = new KeptFold(meeting.frames.reduce(foldFrame, folded))
        return this.#kept.whole()
      }
      await fill()
    }
    return undefined
  }
}
