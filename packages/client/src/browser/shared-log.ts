/**
 * The end of one log as it came over a socket that several devices share: where it begins, what the log adds up to there
 * if that is known, and the frames since, each following the one before.
 *
 * A device whose cursor is one of these places is where everybody was who followed it there, in this very history: the
 * frames behind it are all that it lacks. Any other cursor says nothing, and needs a snapshot. Older frames are folded
 * into the state, so it stays bounded.
 */
import {
  type ConversationState,
  type Cursor,
  type DownFrameOf,
  emptyState,
  type LogEvent,
  reduceAll,
  seqOf,
  startCursor,
} from "@everthread/protocol"
import { clientLimits } from "../limits.ts"

type EventsFrame = DownFrameOf<"events">

export class SharedLog {
  #start: Cursor
  /** At the start. */
  #state: ConversationState | undefined
  #frames: EventsFrame[] = []

  /** @param cursor where it begins; without one at the very beginning, where there is nothing yet. */
  constructor(cursor: Cursor | undefined) {
    this.#start = cursor ?? startCursor
    this.#state = this.#start === startCursor ? emptyState : undefined
  }

  get head(): Cursor {
    return this.#frames.at(-1)?.cursor ?? this.#start
  }

  /** Whether `stateAtHead` can say anything. */
  get hasState(): boolean {
    return this.#state !== undefined
  }

  /** @returns whether it follows, repeats what is here, or leaves a gap: then nothing is taken. */
  append(frame: EventsFrame): "follows" | "covered" | "gap" {
    const { head } = this
    if (frame.prev !== head) return isBehind(frame.cursor, head) ? "covered" : "gap"
    this.#frames.push(frame)
    if (this.#frames.length > clientLimits.sharedFramesMax) this.#fold(clientLimits.sharedFramesMax / 2)
    return "follows"
  }

  /** The whole truth at its cursor: begins anew there. */
  replace({ cursor, state }: DownFrameOf<"snapshot">): void {
    this.#start = cursor
    this.#state = state
    this.#frames = []
  }

  /** @returns what a device at this cursor lacks; `undefined` if that is no place that is known here. */
  framesAfter(cursor: Cursor = startCursor): readonly EventsFrame[] | undefined {
    if (cursor === this.#start) return this.#frames
    const at = this.#frames.findIndex((frame) => frame.cursor === cursor)
    return at < 0 ? undefined : this.#frames.slice(at + 1)
  }

  stateAtHead(): ConversationState | undefined {
    return this.#state && reduceAll(this.#state, eventsOf(this.#frames))
  }

  #fold(count: number): void {
    const folded = this.#frames.splice(0, count)
    this.#start = folded.at(-1)?.cursor ?? this.#start
    this.#state &&= reduceAll(this.#state, eventsOf(folded))
  }
}

function eventsOf(frames: readonly EventsFrame[]): LogEvent[] {
  return frames.flatMap(({ events }) => events)
}

function isBehind(cursor: Cursor, head: Cursor): boolean {
  return cursor === head || seqOf(cursor) < seqOf(head)
}
