/**
 * Pieces of logs that devices are caught up with, kept for others that come back at the same time: read once, and encoded
 * once for each wire protocol. (SPEC DLV1)
 *
 * There is one of these for a node. It is bounded by the characters it holds: the conversation that was asked for least
 * recently goes first. A piece never changes, because what it covers never does; where words have to be gone, or the
 * history is another one, whoever notices that has all pieces of the conversation forgotten.
 */
import type { ReadResult } from "@everthread/engine"
import type { Cursor } from "@everthread/protocol"
import { LogFrame } from "./log-frame.ts"

/** What follows a cursor in the store; an empty frame where nothing does. */
export type Page = Exclude<ReadResult, { status: "tail" }> | { readonly status: "tail"; readonly frame: LogFrame }

/** What a piece takes beside its text, in characters. */
const pageOverheadChars = 1_000

interface Kept {
  readonly pages: Map<string, Promise<Page> | LogFrame>
  chars: number
}

export class Pages {
  readonly #charsMax: number
  /** Oldest use first. */
  readonly #conversations = new Map<string, Kept>()
  #chars = 0

  constructor(charsMax: number) {
    this.#charsMax = charsMax
  }

  get chars(): number {
    return this.#chars
  }

  /** @returns what `read` gives for this cursor, to everybody who asks while it is read or kept. */
  read(conversation: string, after: Cursor, read: () => Promise<ReadResult>): Promise<Page> {
    const kept = this.#touch(conversation)
    const known = kept.pages.get(after)
    if (known instanceof LogFrame) return Promise.resolve({ status: "tail", frame: known })
    if (known) return known
    const reading = read().then(pageOf)
    kept.pages.set(after, reading)
    const isOver = (page?: Page) => {
      if (kept.pages.get(after) !== reading) return
      kept.pages.delete(after)
      if (page?.status === "tail" && page.frame.entries.length > 0) this.#keep(conversation, kept, after, page.frame)
    }
    reading.then(isOver, () => isOver())
    return reading
  }

  /** @returns many frames as one, made once for everybody who asks for the same range. */
  joined(conversation: string, frames: readonly [LogFrame, ...LogFrame[]]): LogFrame {
    const kept = this.#touch(conversation)
    const { prev } = frames[0]
    const range = `${prev} ${frames.at(-1)?.cursor}`
    const known = kept.pages.get(range)
    if (known instanceof LogFrame) {
      // Somebody may have worked it out since.
      known.before ??= frames[0].before
      return known
    }
    const frame = LogFrame.joined(frames)
    this.#keep(conversation, kept, range, frame)
    return frame
  }

  /** Nothing that was read of it until now is given to anybody again. */
  forget(conversation: string): void {
    const kept = this.#conversations.get(conversation)
    if (!kept) return
    this.#conversations.delete(conversation)
    this.#chars -= kept.chars
    // Whoever is still reading into it finds that it is not kept any more.
    kept.pages.clear()
  }

  #touch(conversation: string): Kept {
    const kept = this.#conversations.get(conversation) ?? { pages: new Map(), chars: 0 }
    this.#conversations.delete(conversation)
    this.#conversations.set(conversation, kept)
    return kept
  }

  #keep(conversation: string, kept: Kept, name: string, frame: LogFrame): void {
    const chars = frame.bodyChars + pageOverheadChars
    this.#makeRoom(chars)
    if (this.#chars + chars > this.#charsMax || this.#conversations.get(conversation) !== kept) return
    kept.pages.set(name, frame)
    kept.chars += chars
    this.#chars += chars
  }

  #makeRoom(chars: number): void {
    for (const conversation of this.#conversations.keys()) {
      if (this.#chars + chars <= this.#charsMax) return
      this.forget(conversation)
    }
  }
}

export function pageOf(read: ReadResult): Page {
  return read.status === "tail" ? { status: "tail", frame: LogFrame.of(read.prev, read.entries) } : read
}
