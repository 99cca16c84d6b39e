/**
 * What happened, as far back as anybody knows it: what the store keeps entry by entry, and before that what some device was
 * given, without a hole, since it last began with a snapshot. Most of a long log is kept by no store.
 */
import { type LogEvent, seqOf } from "@everthread/protocol"
import type { DeviceHistory, History } from "../history/history.ts"

export function knownEvents({ log, devices }: Pick<History, "log" | "devices">): readonly LogEvent[] {
  const stored = log.map(({ event }) => event)
  const first = stored[0]?.seq ?? Number.POSITIVE_INFINITY
  if (first <= 1) return stored
  const given = devices.map((device) => givenBefore(first, device)).filter((piece) => piece !== undefined)
  const [longest] = given.sort((one, other) => one.after - other.after)
  return longest ? [...longest.events, ...stored] : stored
}

/** `undefined`: it has not come as far as where the log is kept from, or has begun behind that. */
function givenBefore(first: number, { steps }: DeviceHistory) {
  const begun = steps.findLastIndex(({ type }) => type === "snapshot")
  const after = seqOf(steps[begun]?.cursor ?? "0-0")
  const last = steps.at(-1)
  if (!last || after >= first || seqOf(last.cursor) < first - 1) return undefined
  const events = steps.slice(begun + 1).flatMap((step) => (step.type === "events" ? step.events : []))
  return { after, events: events.filter(({ seq }) => seq < first) }
}
