/** The log as JSON lines, for programs: one object for each event and each snapshot, as they were applied. */
import type { ConversationUpdate } from "@everthread/client"

export function jsonLinesOf(update: ConversationUpdate): string[] {
  if (update.type === "events") return update.events.map((event) => JSON.stringify(event))
  const { reason, cursor, state } = update
  return [JSON.stringify({ type: "snapshot", reason, cursor, state })]
}
