/** What is known of a conversation at the end: what each device saw and did, what one sees that has just come, and the log. */
import type { Engine } from "@everthread/engine"
import type { History } from "@everthread/sim"
import type { Device, Place } from "./device.ts"
import { freshView, storedLog } from "./truth.ts"
import type { People } from "./unrest.ts"

export type Seen = Omit<History, "log">

/** Nothing may happen between the views that are compared, so all has to be at rest. */
export async function seenIn({ devices: people, guests }: People, conversation: string, place: Place): Promise<Seen> {
  const devices = []
  for (const device of people) devices.push(await historyOf(device, conversation))
  for (const guest of guests) devices.push(await guest.historyIn(conversation))
  return { conversation, devices, fresh: await freshView("ada", conversation, place) }
}

export async function withLogs(seen: readonly Seen[], engine: Engine): Promise<readonly History[]> {
  const histories: History[] = []
  for (const one of seen) histories.push({ ...one, log: await storedLog(engine, one.conversation) })
  return histories
}

async function historyOf(device: Device, conversation: string) {
  return { user: device.user, device: device.device, ...(await device.follow(conversation).history(device.tap)) }
}
