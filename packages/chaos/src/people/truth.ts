/** What the store holds, asked of the store itself and of a device that has never been here. */
import { bodyOf, type Engine } from "@everthread/engine"
import { type LogEvent, startCursor } from "@everthread/protocol"
import type { StoredEntry, View } from "@everthread/sim"
import { until } from "@everthread/stage"
import { Device, type Place } from "./device.ts"

const page = { entriesMax: 1_000, charsMax: 10_000_000 }

/** Everything that is kept entry by entry. */
export async function storedLog({ log }: Engine, conversation: string): Promise<readonly StoredEntry[]> {
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

/** What a device of this user is shown that has never been here. */
export async function freshView(user: string, conversation: string, place: Place): Promise<View> {
  const device = new Device(user, "stranger", place)
  try {
    const watched = device.follow(conversation)
    await until("a fresh device to be live", async () => watched.conversation.snapshot().status === "live")
    return await watched.view()
  } finally {
    device.close()
  }
}
