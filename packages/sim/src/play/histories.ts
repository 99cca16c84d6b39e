/** What is known at the end of a play, one history for each conversation. */
import { bodyOf } from "@everthread/engine"
import type { LogEvent } from "@everthread/protocol"
import type { SimDevice } from "../device/sim-device.ts"
import type { DeviceHistory, History, StoredEntry } from "../history/history.ts"
import type { World } from "./world.ts"

/** @param stranger a device that has just come: what it shows is what the others are held against. */
export async function historyOf(world: World, conversation: string, stranger: SimDevice): Promise<History> {
  const devices: DeviceHistory[] = []
  for (const device of world.devices) if (device !== stranger) devices.push(...(await device.histories(conversation)))
  const fresh = await stranger.follow(conversation).view()
  const log = storedLog(world, conversation)
  const deeds = world.store.state.deeds.filter((deed) => deed.conversation === conversation)
  const runs = new Set(log.flatMap(({ event }) => (event.type === "run.queued" ? [event.run] : [])))
  const tools = world.outside.deeds.filter(({ run }) => runs.has(run))
  return { conversation, devices, log, fresh, deeds, tools }
}

/** The whole of it: also what was trimmed, which no device is given any more. */
function storedLog(world: World, conversation: string): StoredEntry[] {
  const held = world.store.read((state) => state.conversations.get(conversation))
  return [...(held?.gone ?? []), ...(held?.entries ?? [])].map((entry) => {
    const event: LogEvent = { ...bodyOf(entry), seq: entry.seq }
    return { cursor: entry.cursor, event }
  })
}
