/** Everthread as it is in production: `everthread serve` on two nodes over one Redis, and the native client on devices. */
import { Device, freshView, type Place, storedLog } from "@everthread/chaos"
import { openRedisEngine } from "@everthread/engine-redis"
import { check, type Finding, type History, type WatchedConversation } from "@everthread/sim"
import { answerTo, FaultNode, startRedis, until } from "@everthread/stage"
import type { ChurnDevice, ChurnNode, ChurnStage, Contestant, Person } from "./contestant.ts"
import { nodeCount, people } from "./plan.ts"
import type { Way } from "./way.ts"

export const everthread: Contestant = {
  name: "Everthread",
  about: "native protocol, its own client, two nodes of `everthread serve`, durability fsync, heartbeat 1 s",
  open: openEverthread,
}

const names = Array.from({ length: nodeCount }, (_, index) => `churn-${index + 1}`)

export async function openEverthread(): Promise<ChurnStage> {
  const redis = await startRedis()
  const nodes = names.map((name) => new FaultNode({ name, redis: redis.url, leaseSeconds: 1, durability: "fsync" }))
  await Promise.all(nodes.map((node) => node.start()))
  const rooms = new Map<string, Device[]>()
  return {
    redis,
    nodes: nodes.map(churnNodeOf),
    async enter(person, room, way) {
      const device = new Device(person.user, person.device, placeOf(way))
      const present = rooms.get(room)
      if (!present) await device.client.create({ conversation: room, members: people.map(({ user }) => user) })
      rooms.set(room, [...(present ?? []), device])
      return deviceOf(person, device, device.follow(room))
    },
    findings: (room) => findingsOf(redis.url, nodes, rooms.get(room) ?? [], room),
    async stop() {
      await Promise.all(nodes.map((node) => node.kill()))
      await redis.stop()
    },
  }
}

const placeOf = (way: Way): Place => ({ anyNode: () => `ws://127.0.0.1:${way.port}` })

function churnNodeOf(node: FaultNode): ChurnNode {
  return {
    name: node.name,
    get port() {
      return node.url === undefined ? undefined : Number(new URL(node.url).port)
    },
    start: () => node.start(),
    kill: () => node.kill(),
    freeze: () => node.freeze(),
    thaw: () => node.thaw(),
  }
}

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
  nodes: readonly FaultNode[],
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
    const direct: Place = { anyNode: () => nodes[0]?.url ?? "" }
    const log = await storedLog(engine, room)
    const fresh = await freshView(people[0]?.user ?? "", room, direct)
    const history: History = { conversation: room, devices: histories, log, fresh }
    return check(history, { rollback: false, present: undefined, answer: answerTo })
  } finally {
    await engine.close()
  }
}
