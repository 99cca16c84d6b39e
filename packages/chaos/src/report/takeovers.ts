/** How often a run went on with another owner. */
import type { History } from "@everthread/sim"

export function takeoversIn({ log }: History): number {
  const owners = new Map<string, string | undefined>()
  let takeovers = 0
  for (const { event } of log) {
    if (event.type !== "run.attempt") continue
    if (owners.has(event.run) && owners.get(event.run) !== event.node) takeovers += 1
    owners.set(event.run, event.node)
  }
  return takeovers
}
