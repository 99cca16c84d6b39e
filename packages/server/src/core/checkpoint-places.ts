/**
 * Where checkpoints belong in their conversation's log. (SPEC HIS1)
 *
 * The log names each in an entry; while that entry is kept, it is the place. Of an older checkpoint the place is judged by
 * what its run had said by then: words and checkpoint are timed by the same machine.
 */
import { bodyOf, type Entry, type EventLog, pageMax } from "@everthread/engine"
import {
  type ChatMessage,
  type CheckpointEntry,
  type ConversationState,
  type Cursor,
  type ForkOrigin,
  limits,
  type Seq,
  startCursor,
} from "@everthread/protocol"
import type { Core } from "./core.ts"
import { historyPage } from "./history.ts"

export interface Place {
  readonly cursor: Cursor
  readonly seq: Seq
}

/** @returns where the entries that are kept name which checkpoints of root graphs. */
export async function placesInLog(log: EventLog, conversation: string): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>()
  for (let after = startCursor; ; ) {
    const page = await log.read(conversation, after, pageMax)
    if (page.status === "no-conversation") return places
    if (page.status !== "tail") {
      if (!page.snapshot) return places
      after = page.snapshot.cursor
      continue
    }
    for (const entry of page.entries) {
      const named = checkpointNamedBy(entry)
      if (named !== undefined) places.set(named, { cursor: entry.cursor, seq: entry.seq })
    }
    if (!page.more) return places
    after = page.cursor
  }
}

function checkpointNamedBy(entry: Entry): string | undefined {
  // A cheap look, so that the many others are not parsed for it.
  if (!entry.body.includes('"checkpoints"')) return undefined
  const body = bodyOf(entry)
  const isName = body.type === "agent" && body.method === "checkpoints" && body.ns.length === 0
  return isName && typeof body.data["id"] === "string" ? body.data["id"] : undefined
}

/**
 * @param origin where the thread came from, if it came along with a fork: the checkpoint that it begins at belongs to the
 *   fork's beginning, and who wrote it, or any before it, did not do so in this conversation.
 */
export function placed(
  entry: CheckpointEntry,
  origin: ForkOrigin["thread"],
  places: ReadonlyMap<string, Place>,
): CheckpointEntry {
  if (!origin || entry.checkpoint > origin.checkpoint) return { ...entry, ...places.get(entry.checkpoint) }
  const { run: _elsewhere, ...foreign } = entry
  return entry.checkpoint === origin.checkpoint ? { ...foreign, seq: origin.upTo } : foreign
}

/** @returns the last message that the checkpoint's run had said or was to answer, or that was there by its time. */
export async function placeByTime(
  core: Core,
  conversation: string,
  { runs }: ConversationState,
  entry: CheckpointEntry,
): Promise<Seq> {
  const input = runs.find(({ id }) => id === entry.run)?.message
  const isOwn = ({ id, run }: ChatMessage) => id === input || (run !== undefined && run === entry.run)
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = await historyPage(core, conversation, before, limits.historyPageMax)
    const early = page?.messages.filter(({ id, time }) => time <= entry.time || id === input) ?? []
    const last = early.findLast(isOwn) ?? early.at(-1)
    if (last) return last.seq
    const oldest = page?.messages[0]
    if (!page?.more || !oldest) return 0
    before = oldest.seq
  }
}
