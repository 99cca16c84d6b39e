/**
 * Lean frames: a token for nine bytes and its text.
 *
 * A device that said so in its hello gets what continues the delta before it as `[alias,"text"]`. The alias is the `as` of the
 * `events` frame that began; everything else follows: the place in the block is where the text before ended, the seq is the
 * next one, and so is the cursor, because a run's owner counts its nonces up. What does not follow comes as a whole frame.
 * So a lean frame is a whole one that was not written out, and whoever reads it writes it out first. (SPEC FRM5)
 */
import { type Cursor, formatCursor, parseCursor, seqOf } from "./cursor.ts"
import type { DownFrame, DownFrameOf, EventOf, LogEvent } from "./types.ts"

/** An alias and more text. */
export type LeanFrame = readonly [alias: number, text: string]

/** What a lean frame goes on from. */
interface Ended {
  readonly conversation: string
  readonly cursor: Cursor
  readonly message: string
  readonly block: number
  /** Where the text ended. */
  readonly at: number
}

const countedNonce = /^[1-9]\d*$/

/** @returns the cursor of the entry behind this one, where one owner wrote both. */
export function nextCursor(cursor: Cursor): Cursor | undefined {
  const parts = parseCursor(cursor)
  const next = parts && countedNonce.test(parts.nonce) ? Number(parts.nonce) + 1 : Number.NaN
  return parts && Number.isSafeInteger(next) ? formatCursor(parts.seq + 1, String(next)) : undefined
}

/** Whether a delta goes on exactly where the other one ended. */
export function continues(before: EventOf<"delta">, delta: EventOf<"delta">): boolean {
  return delta.message === before.message && delta.block === before.block && delta.at === before.at + before.text.length
}

/** Writes the lean frames of one connection out. */
export class LeanReader {
  readonly #ended = new Map<number, Ended>()

  /** @returns the frame as a whole; `undefined` for a lean one whose alias means nothing. */
  read(frame: DownFrame | LeanFrame): DownFrame | undefined {
    if (isLean(frame)) return this.#whole(frame)
    if (frame.type === "events" && frame.as !== undefined) this.#remember(frame.as, frame)
    return frame
  }

  #whole([alias, text]: LeanFrame): DownFrame | undefined {
    const before = this.#ended.get(alias)
    const cursor = before && nextCursor(before.cursor)
    if (!before || cursor === undefined) return undefined
    const seq = seqOf(cursor)
    const { conversation, cursor: prev, message, block, at } = before
    this.#ended.set(alias, { ...before, cursor, at: at + text.length })
    return { type: "events", conversation, prev, cursor, events: [{ seq, type: "delta", message, block, at, text }] }
  }

  #remember(alias: number, { conversation, cursor, events }: DownFrameOf<"events">): void {
    const last: LogEvent | undefined = events.at(-1)
    if (last?.type !== "delta") return
    const { message, block, at, text } = last
    this.#ended.set(alias, { conversation, cursor, message, block, at: at + text.length })
  }
}

function isLean(frame: DownFrame | LeanFrame): frame is LeanFrame {
  return Array.isArray(frame)
}
