/** How often a run went on with another owner. */
import type { History } from "@everthread/sim"

export function takeoversIn({ log }: History): number {
  const owners = new Map<string, string | undefined>()
  let takeovers = 0
  for (const { event } of log) {
    // Who goes on after an answer has taken over from nobody.
    if (event.type === "input.requested") owners.delete(event.run)
    if (event.type !== "run.attempt") continue
    if (owners.has(event.run) && owners.get(event.run) !== event.node) takeovers += 1
    owners.set(event.run, event.node)
  }
  return takeovers
}
