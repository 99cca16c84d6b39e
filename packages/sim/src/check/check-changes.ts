/**
 * What was acknowledged of edits, redactions and reactions is in the log once, what was refused is not, and what is there was
 * asked for by the device that it names, which had the right to it. (SPEC ACK1, ACK2, ACK3, LIN2)
 */
import type { LogEvent } from "@everthread/protocol"
import { type Change, type ChangeEvent, changeName, isChange } from "../history/change.ts"
import { type DeviceHistory, type Expected, type Finding, type History, nameOf } from "../history/history.ts"
import { knownEvents } from "./known-events.ts"
import { outsidersOf } from "./outsiders.ts"

type Found = Omit<Finding, "conversation" | "device">
/** Where the log, as far as it is known, has each change. */
type Places = ReadonlyMap<string, readonly number[]>

export function checkChanges(history: History, expected: Expected): Finding[] {
  const { conversation, devices } = history
  const known = knownEvents(history)
  const events = known.filter(isChange)
  // Of most histories: nobody changes anything.
  if (events.length === 0 && devices.every(({ changes = [] }) => changes.length === 0)) return []
  const places = placesOf(events)
  const asked = new Set(devices.flatMap((device) => changesOf(device).map(({ name }) => name)))
  const outside = outsidersOf(history)
  const first = known[0]?.seq ?? Number.POSITIVE_INFINITY
  const ofDevices = devices.flatMap((device) =>
    changesOf(device).flatMap(({ name, change }) => {
      const found = refusedAndStored(name, change, places)
      if (!expected.rollback || !outside.has(device.user)) found.push(...lost(name, change, places, first, expected))
      return found.map((one) => ({ conversation, device: nameOf(device), ...one }))
    }),
  )
  const ofLog = [...doubled(places), ...phantoms(events, asked), ...usurpers(events, known, history)]
  return [...ofLog.map((one) => ({ conversation, ...one })), ...ofDevices]
}

function placesOf(events: readonly ChangeEvent[]): Places {
  const places = new Map<string, number[]>()
  for (const event of events) {
    const name = changeName(event.by, event)
    places.set(name, [...(places.get(name) ?? []), event.seq])
  }
  return places
}

function changesOf(device: DeviceHistory) {
  return (device.changes ?? []).map((change) => ({ change, name: changeName(device, change.what) }))
}

function doubled(places: Places): Found[] {
  return [...places].flatMap(([name, seqs]) =>
    seqs.length > 1 ? [{ law: "once", what: `${name} is in the log at ${seqs.join(" and ")}` }] : [],
  )
}

function phantoms(events: readonly ChangeEvent[], asked: ReadonlySet<string>): Found[] {
  return events
    .filter((event) => !asked.has(changeName(event.by, event)))
    .map((event) => ({ law: "phantom", what: `nobody here asked for ${event.seq}, ${changeName(event.by, event)}` }))
}

/** Only the author edits; the author takes back, or an owner of the conversation. */
function usurpers(events: readonly ChangeEvent[], known: readonly LogEvent[], { fresh }: History): Found[] {
  const authors = new Map(fresh.messages.map(({ id, by }) => [id, by?.user]))
  for (const event of known) if (event.type === "message") authors.set(event.id, event.by.user)
  return events.flatMap((event): Found[] => {
    const author = authors.get(event.message)
    const isOwner = event.type === "redaction" && fresh.state.members[event.by.user] === "owner"
    if (event.type === "reaction" || !authors.has(event.message) || author === event.by.user || isOwner) return []
    return [{ law: "author", what: `${changeName(event.by, event)} is at ${event.seq}, and ${author} wrote that` }]
  })
}

function refusedAndStored(name: string, { refused }: Change, places: Places): Found[] {
  const [place] = places.get(name) ?? []
  if (refused === undefined || place === undefined) return []
  return [{ law: "refused", what: `${name} was refused with ${refused} and is at ${place}` }]
}

/** Of what stood before the log as it is known nobody can tell; and what a store lost may be refused when it is sent again. */
function lost(name: string, change: Change, places: Places, first: number, { rollback }: Expected): Found[] {
  const { ack, refusedLater } = change
  if (!ack || ack.seq < first || (rollback && refusedLater !== undefined)) return []
  const [place] = places.get(name) ?? []
  if (place === undefined) return [{ law: "acked", what: `${name} was acknowledged at ${ack.cursor} and is lost` }]
  if (rollback || place === ack.seq) return []
  return [{ law: "acked", what: `${name} was acknowledged at ${ack.cursor} and is at ${place}` }]
}
