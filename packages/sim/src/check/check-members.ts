/**
 * Who is no member writes nothing, and is given nothing that was stored after the removal, unless added again. (SPEC CON5)
 */
import type { LogEvent } from "@everthread/protocol"
import { type DeviceHistory, type Finding, type History, nameOf } from "../history/history.ts"
import { removedForGood } from "./removed.ts"
import { isSame } from "./same.ts"
import { segmentsOf } from "./segments.ts"

export function checkMembers(history: History): Finding[] {
  const { conversation, log, devices } = history
  const events = log.map(({ event }) => event)
  const gone = removedForGood(history)
  const written = strangersWrites(events).map((what) => ({ law: "members", conversation, what }))
  const stored = new Map(events.map((event) => [event.seq, event]))
  const shown = devices.flatMap((device) => {
    const at = gone.get(device.user)
    const seq = at === undefined ? undefined : firstBeyond(device, at, stored)
    const what = `was removed at ${at} and given ${seq}`
    return seq === undefined ? [] : [{ law: "members", conversation, device: nameOf(device), what }]
  })
  return [...written, ...shown]
}

function strangersWrites(events: readonly LogEvent[]): string[] {
  const removed = new Set<string>()
  return events.flatMap((event) => {
    if (event.type === "member.removed") removed.add(event.user)
    else if (event.type === "member.added") removed.delete(event.user)
    else if (event.type === "message" && removed.has(event.by.user)) {
      return [`${event.by.user} is no member and wrote ${event.seq}: ${JSON.stringify(event.text)}`]
    }
    return []
  })
}

/** What another history had there, which the store has lost, was given before. */
function firstBeyond({ steps }: DeviceHistory, at: number, stored: ReadonlyMap<number, LogEvent>): number | undefined {
  const last = segmentsOf(steps).at(-1)
  const events = last?.steps.flatMap((step) => (step.type === "events" ? step.events : [])) ?? []
  return events.find((event) => event.seq > at && isSame(stored.get(event.seq), event))?.seq
}
