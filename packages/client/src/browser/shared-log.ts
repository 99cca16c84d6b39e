/**
 * The end of one log as it came over a socket that several devices share: where it begins, the snapshot there if the
 * server sent one, and the frames since, each following the one before.
 *
 * A device whose cursor is one of these places is where everybody was who followed it there, in this very history: the
 * frames behind it are all that it lacks. Any other cursor says nothing, and needs a snapshot. Older frames are folded
 * into the snapshot, so it stays bounded.
 */
import { type Cursor, type DownFrameOf, reduceAll, seqOf } from "@everthread/protocol"
import { clientLimits } from "../limits.ts"

type EventsFrame = DownFrameOf<"events">
type SnapshotFrame = DownFrameOf<"snapshot">

export class SharedLog {
  /** Where it begins; unknown until the snapshot that was asked for has come. */
  #start: Cursor | undefined
  #snapshot: SnapshotFrame | undefined
  #frames: EventsFrame[] = []

  constructor(start: Cursor | undefined) {
    this.#start = start
  }

  get head(): Cursor | undefined {
    return this.#frames.at(-1)?.cursor ?? this.#start
  }

  /** @returns whether it follows, repeats what is here, or leaves a gap: then nothing is taken. */
  append(frame: EventsFrame): "follows" | "covered" | "gap" {
    const { head } = this
    if (head === undefined) return "gap"
    if (frame.prev !== head) return isBehind(frame.cursor, head) ? "covered" : "gap"
    this.#frames.push(frame)
    if (this.#frames.length > clientLimits.sharedFramesMax) this.#fold(clientLimits.sharedFramesMax / 2)
    return "follows"
  }

  /** The whole truth at its cursor: begins anew there. */
  replace(snapshot: SnapshotFrame): void {
    this.#start = snapshot.cursor
    this.#snapshot = snapshot
    this.#frames = []
  }

  /** @returns what brings a device from its cursor to the head, in order; `undefined` if that is not known here. */
  after(cursor: Cursor | undefined): readonly (EventsFrame | SnapshotFrame)[] | undefined {
    if (cursor !== undefined && cursor === this.#start) return this.#frames
    const at = this.#frames.findIndex((frame) => frame.cursor === cursor)
    if (at >= 0) return this.#frames.slice(at + 1)
    if (!this.#snapshot) return undefined
    // Whether an unknown cursor is too old or of another history nobody here can tell: "trimmed" promises neither.
    return [{ ...this.#snapshot, reason: cursor === undefined ? "fresh" : "trimmed" }, ...this.#frames]
  }

  #fold(count: number): void {
    const folded = this.#frames.splice(0, count)
    const cursor = folded.at(-1)?.cursor
    if (cursor === undefined) return
    this.#start = cursor
    if (!this.#snapshot) return
    const events = folded.flatMap((frame) => frame.events)
    this.#snapshot = { ...this.#snapshot, cursor, state: reduceAll(this.#snapshot.state, events) }
  }
}

function isBehind(cursor: Cursor, head: Cursor): boolean {
  return cursor === head || seqOf(cursor) < seqOf(head)
}
