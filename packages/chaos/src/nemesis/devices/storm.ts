/**
 * Everybody comes at once: all connections of all nodes are cut several times, and with those who come back come many who
 * have never been here. (SPEC SUB2, CON6)
 */

import type { Random } from "@everthread/protocol"
import { anyOf } from "@everthread/sim"
import { until } from "@everthread/stage"
import type { Deployment } from "../../deployment/deployment.ts"
import { Device } from "../../people/device.ts"
import { again } from "../again.ts"
import type { Nemesis } from "../nemesis.ts"
import { placesOf } from "./places.ts"

const strangers = 20
const betweenMsMax = 800
/** A node may just be on its way back, and a store. */
const liveMsMax = 60_000

export const storm: Nemesis = {
  name: "storm",
  about: `all connections of all devices are cut again and again, and ${strangers} new devices come with those that come back`,
  lastsMs: { least: 1_000, most: 4_000 },
  unfit: () => undefined,
  async begin(deployment, random) {
    const giveBack = deployment.take("devices")
    if (!giveBack) return undefined
    const end = again(random, betweenMsMax, async () => cutAll(deployment))
    const guests = comeAtOnce(deployment, random)
    const heal = async () => {
      await end()
      await allLive(guests).finally(() => {
        for (const guest of guests) guest.close()
      })
    }
    return {
      target: "network",
      what: `cut all connections of all devices, and ${strangers} more came`,
      heal: () => heal().finally(giveBack),
    }
  },
}

function cutAll({ toNode }: Deployment): void {
  for (const link of toNode.values()) link.cut()
}

function comeAtOnce(deployment: Deployment, random: Random): readonly Device[] {
  const { crowd } = deployment
  const place = placesOf(deployment, random)
  return Array.from({ length: strangers }, () => {
    const user = anyOf(random, crowd.devices)?.user ?? "nobody"
    const device = new Device(user, `stranger-${random.id(8)}`, place)
    for (const conversation of crowd.conversations) device.follow(conversation)
    return device
  })
}

function allLive(devices: readonly Device[]): Promise<boolean> {
  const watched = devices.flatMap((device) => [...device.watched.values()])
  const isLive = async () => watched.every(({ conversation }) => conversation.snapshot().status === "live")
  return until("all who came in a storm to be live", isLive, liveMsMax)
}
