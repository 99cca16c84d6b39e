/** A run is tried only when it is its turn: it is the first of the queue that is open and was not stopped. (SPEC RUN7, QUE4) */
import { type ConversationState, emptyState, isOpen, reduce } from "@everthread/protocol"
import type { Finding, History } from "../history/history.ts"

export function checkTurns({ conversation, log }: History): Finding[] {
  // Of a log that was trimmed nobody knows what its queue was.
  if (log[0]?.event.seq !== 1) return []
  let state: ConversationState = emptyState
  const found: Finding[] = []
  for (const { event } of log) {
    if (!event.type.startsWith("run.")) continue
    if (event.type === "run.attempt" && firstOf(state) !== event.run) {
      const what = `${event.run} was tried at ${event.seq}, and it was the turn of ${firstOf(state)}`
      found.push({ law: "turns", conversation, what })
    }
    state = reduce(state, event)
  }
  return found
}

const firstOf = ({ runs }: ConversationState): string | undefined =>
  runs.find((run) => isOpen(run) && run.stopBy === undefined)?.id
