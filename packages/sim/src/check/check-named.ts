/**
 * The log names each superstep that is kept, once, and none that is not: so any beginning of it says which checkpoint
 * belongs to it. Only where somebody can look inside the store. (SPEC RUN8)
 */
import type { Finding, History } from "../history/history.ts"

export function checkNamed({ conversation, log, deeds }: History): Finding[] {
  if (!deeds || log[0]?.event.seq !== 1) return []
  const kept = new Set(deeds.flatMap((deed) => (deed.type === "checkpoint" && deed.isRoot ? [deed.id] : [])))
  const named = namesIn(log)
  const found = [
    ...[...kept].filter((id) => !named.has(id)).map((id) => `${id} is kept, and the log does not name it`),
    ...[...named.keys()].filter((id) => !kept.has(id)).map((id) => `${id} is named, and not kept`),
    ...[...named].filter(([, times]) => times > 1).map(([id, times]) => `${id} is named ${times} times`),
  ]
  return found.map((what) => ({ law: "named", conversation, what }))
}

function namesIn(log: History["log"]): ReadonlyMap<string, number> {
  const named = new Map<string, number>()
  for (const { event } of log) {
    if (event.type !== "agent" || event.method !== "checkpoints" || event.ns.length > 0) continue
    const id = String(event.data["id"])
    named.set(id, (named.get(id) ?? 0) + 1)
  }
  return named
}
