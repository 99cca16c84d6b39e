/**
 * What a device has sent itself under a name of its own: the ack is all it gets of that, live and in every
 * replay, on each of its connections. (SPEC SIM4)
 */
import { type By, reduceAll } from "@everthread/protocol"
import type { Actor } from "../../core/core.ts"
import { type FrameEntry, LogFrame } from "../../core/log-frame.ts"
import { namedKeyMark } from "./write.ts"

interface Written {
  readonly by?: By | undefined
  readonly key?: string | undefined
}

export function isOwn({ user, device }: Actor, { by, key }: Written): boolean {
  return by?.user === user && by.device === device && key?.startsWith(namedKeyMark) === true
}

/**
 * @returns the frame without the device's own messages, in pieces that each end where one of them stood, so
 *   that its ack can go out in its place; the very frame where there are none, because that one is encoded once
 *   for everybody.
 */
export function withoutOwn(frame: LogFrame, actor: Actor): readonly LogFrame[] {
  const ends = frame.entries.flatMap((entry, index) => (isOwnEntry(actor, entry) ? [index] : []))
  if (ends.length === 0) return [frame]
  const pieces: LogFrame[] = []
  let { prev, before } = frame
  let from = 0
  for (const end of [...ends, frame.entries.length - 1]) {
    const entries = frame.entries.slice(from, end + 1)
    const last = entries.at(-1)
    if (!last) continue
    const piece = new LogFrame(
      prev,
      last.cursor,
      entries.filter((entry) => !isOwnEntry(actor, entry)),
    )
    piece.before = before
    pieces.push(piece)
    before =
      before &&
      reduceAll(
        before,
        entries.map(({ event }) => event),
      )
    prev = last.cursor
    from = end + 1
  }
  return pieces
}

function isOwnEntry(actor: Actor, { event }: FrameEntry): boolean {
  return event.type === "message" && isOwn(actor, event)
}
