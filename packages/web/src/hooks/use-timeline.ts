/** What stands in the chat, in pieces that keep their identity for as long as they show the same. */
import type { ConversationView } from "@everthread/client"
import type { Seq } from "@everthread/protocol"
import { useMemo, useRef } from "react"
import { readersBelow } from "../model/readers.ts"
import { decorated, type TimelineItem, timelineOf } from "../model/timeline.ts"
import { chunksOf, type TimelineChunk } from "../model/timeline-chunks.ts"
import { dayOf } from "../model/times.ts"

export interface Timeline {
  readonly chunks: readonly TimelineChunk[]
  /** Of the messages, the oldest first. */
  readonly keys: readonly string[]
}

export function useTimeline(view: ConversationView, user: string, newFrom: Seq | undefined): Timeline {
  const last = useRef<readonly TimelineChunk[]>([])
  const { messages, state, pending } = view
  const items = useMemo(() => {
    const readers = readersBelow(messages, state.receipts, user)
    return decorated(timelineOf({ messages, state, pending }, { newFrom, dayOf }), messages, readers)
  }, [messages, state, pending, newFrom, user])
  const chunks = useMemo(() => chunksOf(items, last.current), [items])
  last.current = chunks
  const keys = useMemo(() => keysOf(items), [items])
  return { chunks, keys }
}

function keysOf(items: readonly TimelineItem[]): readonly string[] {
  return items.flatMap((item) => (item.kind === "message" ? [item.key] : []))
}
