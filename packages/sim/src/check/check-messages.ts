/**
 * What was acknowledged is in the log once, what was refused is not, and what is in the log was sent, once, in this
 * conversation, and by each device in the order in which it wrote. (SPEC ACK1, ACK2, ACK3, LIN2)
 */
import { type Cursor, parseCursor } from "@everthread/protocol"
import { type DeviceHistory, type Expected, type Finding, type History, nameOf, type Sent } from "../history/history.ts"
import { outsidersOf } from "./outsiders.ts"
import { segmentsOf } from "./segments.ts"
import { type Written, writtenIn } from "./written.ts"

export function checkMessages(history: History, expected: Expected): Finding[] {
  const { conversation, devices } = history
  const outside = outsidersOf(history)
  const cursors = new Map(history.log.map(({ cursor, event }) => [event.seq, cursor]))
  const written = writtenIn(history)
  const places = placesOf(written)
  return [
    ...[...places].flatMap(([text, all]) => (all.length > 1 ? [{ conversation, ...doubled(text, all) }] : [])),
    ...phantoms(history, written),
    ...devices.flatMap((device) => {
      const found = [...refusedAndStored(device, places), ...doubleKeys(device, expected)]
      // What a store lost is sent again, and whoever was removed meanwhile may not.
      if (!expected.rollback || !outside.has(device.user)) found.push(...lostAcks(device, places, cursors, expected))
      if (!expected.rollback) found.push(...disorder(device, places))
      return found.map((one) => ({ conversation, device: nameOf(device), ...one }))
    }),
  ]
}

type Found = Omit<Finding, "conversation" | "device">
type Places = ReadonlyMap<string, readonly Written[]>

function placesOf(written: readonly Written[]): Places {
  const places = new Map<string, Written[]>()
  for (const message of written) {
    const held = places.get(message.text)
    if (held) held.push(message)
    else places.set(message.text, [message])
  }
  return places
}

const doubled = (text: string, all: readonly Written[]): Found => ({
  law: "once",
  what: `${JSON.stringify(text)} is in the log at ${all.map(({ seq }) => seq).join(" and ")}`,
})

function phantoms({ conversation, devices }: History, written: readonly Written[]): Finding[] {
  const known = new Set(devices.flatMap((device) => device.sent.map(({ text }) => `${nameOf(device)} ${text}`)))
  return written
    .filter(({ by, text }) => !known.has(`${by ? nameOf(by) : ""} ${text}`))
    .map(({ seq, text }) => ({
      law: "phantom",
      conversation,
      what: `nobody here sent ${seq}: ${JSON.stringify(text)}`,
    }))
}

function lostAcks(device: DeviceHistory, places: Places, cursors: Cursors, { rollback }: Expected): Found[] {
  const { sent, end } = device
  const takenBack = rollback ? takenBackBy(device) : new Set<string>()
  return sent.flatMap(({ text, ack, refused, isOfEnded }): Found[] => {
    const place = places.get(text)?.[0]
    if (end && !place && !ack && refused === undefined && isOfEnded) return rollback ? [] : [forgotten(text)]
    if (!ack || (rollback && (refused !== undefined || isOfEnded || !end))) return []
    if (!place && takenBack.has(text)) return []
    if (!place) return [{ law: "acked", what: `${JSON.stringify(text)} was acknowledged at ${ack.cursor} and is lost` }]
    if (rollback || isOfOneAppend(place.seq, ack, cursors)) return []
    return [{ law: "acked", what: `${JSON.stringify(text)} was acknowledged at ${ack.cursor} and is at ${place.seq}` }]
  })
}

/** A device does not send again what it has taken back: it would come back under another id, with its text. */
function takenBackBy({ user, device, steps, changes = [] }: DeviceHistory): ReadonlySet<string> {
  const ids = new Set(changes.flatMap(({ what }) => (what.type === "redaction" ? [what.message] : [])))
  const events = steps.flatMap((step) => (step.type === "events" ? step.events : []))
  return new Set(
    events.flatMap((event) => {
      if (event.type !== "message" || !ids.has(event.id)) return []
      return event.by.user === user && event.by.device === device ? [event.text] : []
    }),
  )
}

/** It was in the outbox when the program ended, or had been sent. */
const forgotten = (text: string): Found => ({
  law: "kept",
  what: `${JSON.stringify(text)} was written before a restart, and is lost`,
})

/** By seq, as far as the log is kept. */
type Cursors = ReadonlyMap<number, Cursor>

/** An ack names the last entry of what was stored: with a message to an agent its run is queued, and others may be stopped. */
function isOfOneAppend(seq: number, ack: NonNullable<Sent["ack"]>, cursors: Cursors): boolean {
  if (seq === ack.seq) return true
  const [first, last] = [cursors.get(seq), cursors.get(ack.seq)]
  if (!first || !last) return seq < ack.seq
  return seq < ack.seq && last === ack.cursor && parseCursor(first)?.nonce === parseCursor(last)?.nonce
}

function refusedAndStored({ sent }: DeviceHistory, places: Places): Found[] {
  return sent.flatMap(({ text, refused }) => {
    const place = places.get(text)?.[0]
    if (refused === undefined || !place) return []
    return [{ law: "refused", what: `${JSON.stringify(text)} was refused with ${refused} and is at ${place.seq}` }]
  })
}

/** No message may be shown twice to a device within one history. */
function doubleKeys({ steps }: DeviceHistory, { rollback }: Expected): Found[] {
  return segmentsOf(steps, rollback).flatMap(({ steps }) => {
    const seen = new Set<string>()
    const found: Found[] = []
    for (const event of steps.flatMap((step) => (step.type === "events" ? step.events : []))) {
      if (event.type !== "message") continue
      const key = `${nameOf(event.by)} ${event.key}`
      if (seen.has(key)) found.push({ law: "once", what: `was given the message with the key ${key} twice` })
      seen.add(key)
    }
    return found
  })
}

function disorder({ sent }: DeviceHistory, places: Places): Found[] {
  const seqOfSent = ({ text }: Sent) => places.get(text)?.[0]?.seq
  const placed = sent.filter((one) => seqOfSent(one) !== undefined)
  return placed.flatMap((one, index) => {
    const before = placed[index - 1]
    if (!before || Number(seqOfSent(before)) < Number(seqOfSent(one))) return []
    return [{ law: "written order", what: `${JSON.stringify(one.text)} stands before ${JSON.stringify(before.text)}` }]
  })
}
