/**
 * One device on Socket.IO's own client. It sends with retries and an acknowledgement, which keeps a device's messages in
 * order, and believes `recovered`: where that is false, what it missed is gone, and there is nobody to ask for it.
 *
 * https://socket.io/docs/v4/delivery-guarantees and https://socket.io/docs/v4/connection-state-recovery
 */
import { type Clock, systemRandom } from "@everthread/protocol"
import { until } from "@everthread/stage"
import { io } from "socket.io-client"
import type { ChurnDevice, Person } from "../churn/contestant.ts"
import { DeviceLog } from "../churn/device-log.ts"

const settings = {
  transports: ["websocket"],
  forceNew: true,
  retries: Number.POSITIVE_INFINITY,
  ackTimeout: 2_000,
  reconnectionDelay: 100,
  reconnectionDelayMax: 1_000,
}

export async function enterSocketIo(person: Person, room: string, url: string, clock: Clock): Promise<ChurnDevice> {
  const log = new DeviceLog(person, clock)
  const socket = io(url, { ...settings, auth: { room } })
  let isFirst = true
  socket.on("connect", () => {
    if (!isFirst && !socket.recovered) log.toldOfGap()
    isFirst = false
  })
  socket.on("message", (text: string) => log.shows(text))
  await until("a Socket.IO device to be connected", async () => socket.connected)
  return {
    send(text) {
      log.writes(text)
      socket.emit("say", systemRandom.id(16), text, (error: Error | null) => {
        if (error) log.refused(text, error.message)
        else log.acknowledged(text)
      })
    },
    get unsettled() {
      return log.unsettled
    },
    get isLive() {
      return socket.connected
    },
    get shown() {
      return log.shown
    },
    record: async () => log.record(),
    close: () => void socket.disconnect(),
  }
}
