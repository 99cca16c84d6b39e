/**
 * Pieces of logs that devices are caught up with, kept for others that come back at the same time: read once, and encoded
 * once for each wire protocol. (SPEC DLV1)
 *
 * There is one of these for a node. It is bounded by the characters it holds: the conversation that was asked for least
 * recently goes first. A piece never changes, because what it covers never does; where words have to be gone, or the
 * history is another one, whoever notices that has all pieces of the conversation forgotten. That another node has trimmed
 * the log nobody here is told: so no piece is given to anybody for longer than a moment. (SPEC RET2)
 */
import type { ReadResult } from "@everthread/engine"
import type { Clock, Cursor } from "@everthread/protocol"
import { LogFrame } from "./log-frame.ts"

/** What follows a cursor in the store; an empty frame where nothing does. */
export type Page = Exclude<ReadResult, { status: "tail" }> | { readonly status: "tail"; readonly frame: LogFrame }

/** What a piece takes beside its text, in characters. */
const pageOverheadChars = 1_000
/** How long what was read first of a conversation is kept, and what was read after it, in milliseconds. */
const keptMsMax = 5_000

interface Kept {
  readonly pages: Map<string, Promise<Page> | LogFrame>
  readonly since: number
  chars: number
}

const always = () => true

export class Pages {
  readonly #charsMax: number
  readonly #clock: Pick<Clock, "monotonic">
  /** Oldest use first. */
  readonly #conversations = new Map<string, Kept>()
  #chars = 0

  constructor(charsMax: number, clock: Pick<Clock, "monotonic">) {
    this.#charsMax = charsMax
    this.#clock = clock
  }

  get chars(): number {
    return this.#chars
  }

  /**
   * @param isSure whether what was read may be kept: asked when it is there.
   * @returns what `read` gives for this cursor, to everybody who asks while it is read or kept.
   */
  read(
    conversation: string,
    after: Cursor,
    read: () => Promise<ReadResult>,
    isSure: (frame: LogFrame) => boolean = always,
  ): Promise<Page> {
    const kept = this.#touch(conversation)
    const known = kept.pages.get(after)
    if (known instanceof LogFrame) return Promise.resolve({ status: "tail", frame: known })
    if (known) return known
    const reading = read().then(pageOf)
    kept.pages.set(after, reading)
    const isOver = (page?: Page) => {
      if (kept.pages.get(after) !== reading) return
      kept.pages.delete(after)
      if (page?.status !== "tail" || page.frame.entries.length === 0 || !isSure(page.frame)) return
      this.#keep(conversation, kept, after, page.frame)
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

  /** Lets go of what nobody is given any more. */
  forgetOld(): void {
    for (const [conversation, kept] of this.#conversations) if (this.#isOld(kept)) this.forget(conversation)
  }

  #isOld({ since }: Kept): boolean {
    return this.#clock.monotonic() - since >= keptMsMax
  }

  #touch(conversation: string): Kept {
    const before = this.#conversations.get(conversation)
    if (before && this.#isOld(before)) this.forget(conversation)
    const kept = this.#conversations.get(conversation) ?? this.#empty()
    this.#conversations.delete(conversation)
    this.#conversations.set(conversation, kept)
    return kept
  }

  #empty(): Kept {
    return { pages: new Map(), since: this.#clock.monotonic(), chars: 0 }
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
