/** What is there, asked of the store itself and of a device that has never been here. */
import type { View } from "@everthread/sim"
import { until } from "@everthread/stage"
import { Device, type Place } from "./device.ts"

export { storedLog } from "./stored-log.ts"

/** What a device of this user is shown that has never been here. */
export async function freshView(user: string, conversation: string, place: Place): Promise<View> {
  const device = new Device(user, "stranger", place)
  try {
    const watched = device.follow(conversation)
    await until("a fresh device to be live", async () => watched.conversation.snapshot().status === "live")
    return await watched.view()
  } finally {
    device.close()
  }
}
