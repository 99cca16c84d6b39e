/**
 * Who is no member writes nothing, and is given nothing that was stored after the removal, unless added again; who never
 * was one is given nothing at all. (SPEC CON5)
 */
import type { LogEvent } from "@everthread/protocol"
import { isChange } from "../history/change.ts"
import { type DeviceHistory, type Expected, type Finding, type History, nameOf } from "../history/history.ts"
import { outsidersOf, strangersOf } from "./outsiders.ts"
import { isSame } from "./same.ts"
import { segmentsOf } from "./segments.ts"

export function checkMembers(history: History, { rollback }: Expected): Finding[] {
  const { conversation, log, devices } = history
  const events = log.map(({ event }) => event)
  const outside = outsidersOf(history)
  const written = strangersWrites(history).map((what) => ({ law: "members", conversation, what }))
  const stored = new Map(events.map((event) => [event.seq, event]))
  const shown = devices.flatMap((device) => {
    const at = outside.get(device.user)
    const what = at === undefined ? undefined : givenTo(device, at, stored, rollback)
    return what === undefined ? [] : [{ law: "members", conversation, device: nameOf(device), what }]
  })
  return [...written, ...shown]
}

/** Whose membership a store may have lost was given what members are given. */
function givenTo(device: DeviceHistory, at: number, stored: Stored, rollback: boolean): string | undefined {
  if (at === 0) {
    const isGiven = device.wire.some(({ steps }) => steps.length > 0)
    return isGiven && !rollback ? "never was a member, and was given something" : undefined
  }
  const seq = firstBeyond(device, at, stored)
  return seq === undefined ? undefined : `was removed at ${at} and given ${seq}`
}

function strangersWrites({ log, devices }: History): string[] {
  const outside = strangersOf({ log, devices })
  return log.flatMap(({ event }) => {
    if (event.type === "member.removed") outside.add(event.user)
    else if (event.type === "member.added") outside.delete(event.user)
    else if (event.type === "message" && outside.has(event.by.user)) {
      return [`${event.by.user} is no member and wrote ${event.seq}: ${JSON.stringify(event.text)}`]
    } else if (outside.size > 0 && isChange(event) && outside.has(event.by.user)) {
      return [`${event.by.user} is no member and changed something at ${event.seq}: ${event.type}`]
    }
    return []
  })
}

type Stored = ReadonlyMap<number, LogEvent>

/** What another history had there, which the store has lost, was given before. */
function firstBeyond({ steps }: DeviceHistory, at: number, stored: Stored): number | undefined {
  const last = segmentsOf(steps).at(-1)
  const events = last?.steps.flatMap((step) => (step.type === "events" ? step.events : [])) ?? []
  return events.find((event) => event.seq > at && isSame(stored.get(event.seq), event))?.seq
}
