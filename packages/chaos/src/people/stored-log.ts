/** What the store itself holds of a conversation. */
import { bodyOf, type EventLog } from "@everthread/engine"
import { type LogEvent, startCursor } from "@everthread/protocol"
import type { StoredEntry } from "@everthread/sim"

/** An engine, or who only reads. */
export interface LogHolder {
  readonly log: Pick<EventLog, "read">
}

const page = { entriesMax: 1_000, charsMax: 10_000_000 }

/** Everything that is kept entry by entry. */
export async function storedLog({ log }: LogHolder, conversation: string): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = []
  let at = startCursor
  for (;;) {
    const read = await log.read(conversation, at, page)
    if (read.status === "no-conversation") throw new Error(`${conversation} is gone`)
    // What was trimmed is behind a snapshot; what follows the snapshot's place is kept.
    if (read.status !== "tail") at = read.snapshot?.cursor ?? startCursor
    else {
      entries.push(...read.entries.map((entry) => ({ cursor: entry.cursor, event: eventOf(bodyOf(entry), entry.seq) })))
      at = read.cursor
      if (!read.more) return entries
    }
  }
}

const eventOf = (body: ReturnType<typeof bodyOf>, seq: number): LogEvent => ({ ...body, seq })
