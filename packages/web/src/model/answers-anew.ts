/** Which answers may be given anew, as the server sees it: each agent's last, for who asked and for owners. (SPEC RUN9) */
import { type ConversationState, isOpen, type Run } from "@everthread/protocol"

export function runsToAnswerAnew({ runs, messages, members }: ConversationState, user: string): readonly Run[] {
  const isOwner = Object.hasOwn(members, user) && members[user] === "owner"
  const here = new Set(messages.filter(({ redacted }) => redacted !== true).map(({ id }) => id))
  return runs.filter(
    (run) => isLastOfAgent(runs, run) && !isOpen(run) && (isOwner || run.by.user === user) && here.has(run.message),
  )
}

/** What was merged into another run was answered by that one; what was taken out of the queue stands in nobody's way. */
function isLastOfAgent(runs: readonly Run[], run: Run): boolean {
  const own = runs.filter((other) => other.agent === run.agent && other.into === undefined)
  return own.findLast((other) => other === run || isOpen(other) || other.attempt > 0) === run
}

/** Runs whose answer was given anew: what became of them is nobody's business any more. */
export function isReplaced(runs: readonly Run[], { id }: Pick<Run, "id">): boolean {
  return runs.some(({ again }) => again?.run === id)
}
