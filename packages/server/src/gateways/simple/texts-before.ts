/**
 * Pages of the past as text frames.
 *
 * A text frame's seq is where its message became whole, and that is what a client pages by. The core pages
 * by where messages began, so an answer that took long stands elsewhere in its pages: they are read a little
 * further back than asked for, and put in the order that the client knows.
 */
import type { Seq, WireError } from "@everthread/protocol"
import type { Peer } from "../gateway.ts"
import { type TextFrame, textFrameOf } from "./write.ts"

export interface TextPage {
  /** Oldest first. Without cursors: the past is no place to go on from. */
  readonly messages: readonly TextFrame[]
  /** Whether there are older ones. */
  readonly more: boolean
}

const pageDefault = 50
/** Messages of one page of the core. */
const readMax = 200
/** So many messages may begin while another one is being written. */
const overlapMax = 50

export async function textsBefore(
  peer: Pick<Peer, "run">,
  conversation: string,
  before: Seq = Number.MAX_SAFE_INTEGER,
  limit: number = pageDefault,
): Promise<{ ok: true; result: TextPage } | { ok: false; error: WireError }> {
  const texts: TextFrame[] = []
  let from = before
  for (;;) {
    const page = await peer.run({ type: "history", conversation, before: from, limit: readMax })
    if (!page.ok) return page
    const { messages, more } = page.result
    const shown = messages.flatMap((message) => textFrameOf(conversation, message) ?? [])
    texts.push(...shown.filter(({ seq }) => seq < before))
    const [oldest] = messages
    if (!more || !oldest || texts.length >= limit + overlapMax) break
    from = oldest.seq
  }
  texts.sort((a, b) => a.seq - b.seq)
  return { ok: true, result: { messages: texts.slice(-limit), more: texts.length > limit } }
}
