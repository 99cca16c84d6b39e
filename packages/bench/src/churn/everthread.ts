/** Everthread as it is in production: `everthread serve` on two nodes over one Redis, and the native client on devices. */
import { Device, freshView, type Place, storedLog } from "@everthread/chaos"
import { openRedisEngine } from "@everthread/engine-redis"
import { check, type Finding, type History, type WatchedConversation } from "@everthread/sim"
import { answerTo, until } from "@everthread/stage"
import type { ChurnDevice, ChurnNode, ChurnStage, Contestant, Person } from "./contestant.ts"
import { openNodes } from "./everthread-nodes.ts"
import { people } from "./plan.ts"
import type { Way } from "./way.ts"

export const everthread: Contestant = {
  name: "Everthread",
  about: "native protocol, its own client, two nodes of `everthread serve`, durability fsync, heartbeat 1 s",
  open: openEverthread,
}

export async function openEverthread(): Promise<ChurnStage> {
  const { redis, nodes, stop } = await openNodes()
  const rooms = new Map<string, Device[]>()
  return {
    redis,
    nodes,
    stop,
    async enter(person, room, way) {
      const device = new Device(person.user, person.device, placeOf(way))
      const present = rooms.get(room)
      if (!present) await device.client.create({ conversation: room, members: people.map(({ user }) => user) })
      rooms.set(room, [...(present ?? []), device])
      return deviceOf(person, device, device.follow(room))
    },
    findings: (room) => findingsOf(redis.url, nodes, rooms.get(room) ?? [], room),
  }
}

const placeOf = (way: Way): Place => ({ anyNode: () => `ws://127.0.0.1:${way.port}` })

async function deviceOf(person: Person, device: Device, watched: WatchedConversation): Promise<ChurnDevice> {
  await until("a device to be live", async () => watched.awaits === undefined)
  const shown = () => watched.conversation.snapshot().messages.map(({ text }) => text)
  return {
    send: (text) => watched.write(text),
    get unsettled() {
      return watched.unsettled
    },
    get isLive() {
      return watched.conversation.snapshot().status === "live"
    },
    get shown() {
      return shown()
    },
    async record() {
      const { sent, end } = await watched.history(device.tap)
      return { ...person, sent, shown: (end?.messages ?? []).map(({ text }) => text), gaps: [] }
    },
    close: () => device.close(),
  }
}

/** Everything that the checker knows to ask: every frame, the log itself, and a device that has never been here. */
async function findingsOf(
  url: string,
  nodes: readonly ChurnNode[],
  devices: readonly Device[],
  room: string,
): Promise<readonly Finding[]> {
  const engine = await openRedisEngine({ url, durability: "memory" })
  try {
    const histories = await Promise.all(
      devices.map(async (device) => {
        const history = await device.follow(room).history(device.tap)
        return { user: device.user, device: device.device, ...history }
      }),
    )
    const direct: Place = { anyNode: () => `ws://127.0.0.1:${nodes[0]?.port}` }
    const log = await storedLog(engine, room)
    const fresh = await freshView(people[0]?.user ?? "", room, direct)
    const history: History = { conversation: room, devices: histories, log, fresh }
    return check(history, { rollback: false, present: undefined, answer: answerTo })
  } finally {
    await engine.close()
  }
}
