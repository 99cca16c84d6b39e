/**
 * The log as devices saw it, where nobody can ask the store. Each entry is taken from the device that was shown it first; what
 * another one was shown in its place then is a stranger to it, and is found. A place whose cursor no frame ended at has none that
 * anybody could name.
 */
import { type LogEvent, seqOf } from "@everthread/protocol"
import type { DeviceHistory, Step, StoredEntry, View } from "@everthread/sim"

export function seenLog(devices: readonly DeviceHistory[], fresh: View): readonly StoredEntry[] {
  const steps = devices.flatMap((device) => device.steps)
  const events = new Map<number, LogEvent>()
  for (const event of steps.flatMap(eventsOf)) if (!events.has(event.seq)) events.set(event.seq, event)
  const cursors = cursorsOf(devices, fresh)
  const entries = [...events.values()].sort((one, other) => one.seq - other.seq)
  return entries.map((event) => ({ cursor: cursors.get(event.seq) ?? `${event.seq}-unseen`, event }))
}

const eventsOf = (step: Step): readonly LogEvent[] => (step.type === "events" ? step.events : [])

/** What a device that has just come is shown counts most: it has the store's own word. */
function cursorsOf(devices: readonly DeviceHistory[], fresh: View): ReadonlyMap<number, string> {
  const cursors = new Map<number, string>()
  const acked = devices.flatMap(({ sent }) => sent.flatMap(({ ack }) => (ack === undefined ? [] : [ack.cursor])))
  const ended = devices.flatMap(({ steps }) => steps.map(({ cursor }) => cursor))
  const head = fresh.cursor === undefined ? [] : [fresh.cursor]
  for (const cursor of [...head, ...ended, ...acked])
    if (!cursors.has(seqOf(cursor))) cursors.set(seqOf(cursor), cursor)
  return cursors
}
