/**
 * The timeline in pieces that are drawn apart: while an agent speaks only the last of them is, however many messages
 * somebody has paged back to.
 *
 * Where a piece begins follows from the log alone: so older pages that come in above leave every piece as it is. A line
 * stands in the piece of what it stands before, and what is still to be sent in the last one, where it will most likely be.
 */
import type { TimelineItem } from "./timeline.ts"

export interface TimelineChunk {
  readonly key: string
  readonly items: readonly TimelineItem[]
}

/** How much of the log one piece covers, in seqs: some hundred messages of people, or a few long answers. */
const chunkSeqs = 256

/** @param before what was made last: a piece that shows the same is the very same. */
export function chunksOf(
  items: readonly TimelineItem[],
  before: readonly TimelineChunk[] = [],
): readonly TimelineChunk[] {
  const known = new Map(before.map((chunk) => [chunk.key, chunk]))
  return pieces(items).map((chunk) => {
    const same = known.get(chunk.key)
    return same && sameItems(same.items, chunk.items) ? same : chunk
  })
}

function pieces(items: readonly TimelineItem[]): TimelineChunk[] {
  const chunks: { key: string; items: TimelineItem[] }[] = []
  let lines: TimelineItem[] = []
  for (const item of items) {
    const place = placeOf(item)
    const last = chunks.at(-1)
    if (item.kind === "day" || item.kind === "new") lines.push(item)
    else {
      const key = place === undefined ? (last?.key ?? "0") : `${Math.floor(place / chunkSeqs)}`
      if (last?.key === key) last.items.push(...lines, item)
      else chunks.push({ key, items: [...lines, item] })
      lines = []
    }
  }
  return chunks
}

function placeOf(item: TimelineItem): number | undefined {
  if (item.kind === "message") return item.message.seq
  return item.kind === "question" ? item.interrupt.seq : undefined
}

function sameItems(left: readonly TimelineItem[], right: readonly TimelineItem[]): boolean {
  return left.length === right.length && left.every((item, index) => sameItem(item, right[index] as TimelineItem))
}

function sameItem(left: TimelineItem, right: TimelineItem): boolean {
  if (left === right) return true
  if (left.key !== right.key || left.kind !== right.kind) return false
  return hasFieldsOf(left, right) && hasFieldsOf(right, left)
}

/** No list is made for it: it is asked of every message with every word that is said. */
function hasFieldsOf(one: TimelineItem, other: TimelineItem): boolean {
  for (const field in other) if (one[field as keyof TimelineItem] !== other[field as keyof TimelineItem]) return false
  return true
}
