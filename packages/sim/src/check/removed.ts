/** Who was removed and not added again, and where: as far as the log is kept. */
import type { History } from "../history/history.ts"

export function removedForGood({ log }: Pick<History, "log">): ReadonlyMap<string, number> {
  const removed = new Map<string, number>()
  for (const { event } of log) {
    if (event.type === "member.removed") removed.set(event.user, event.seq)
    else if (event.type === "member.added") removed.delete(event.user)
  }
  return removed
}
