/**
 * The load, in a process of its own: every device of every room, and what they send.
 *
 * Sending keeps to the clock and does not wait for answers, so that a contestant who is slow is not asked less.
 */
import { setTimeout as pause } from "node:timers/promises"
import { percentileOf } from "../measure/spread.ts"
import { bareDialect } from "./bare-dialect.ts"
import { ourDialect } from "./our-dialect.ts"
import { type Dialect, fail, openPeer, type Peer, type Tally } from "./peer.ts"
import { nodeOf, roomName, type Shape, textOf } from "./rooms.ts"
import { socketIoDialect } from "./socket-io-dialect.ts"

export interface LoadPlan extends Shape {
  readonly contestant: "ours" | "socket.io" | "bare"
  readonly ports: readonly number[]
}

/** What is to be delivered; `sends`: and sent here, at this rate. */
export interface Burst {
  readonly deliveries: number
  readonly sends?: { readonly messages: number; readonly perSecond: number }
}

export interface BurstResult {
  readonly delivered: number
  readonly seconds: number
  readonly delayMedianMs: number
  readonly delayP99Ms: number
  /** Share of one core that the load itself took. */
  readonly loadBusy: number
}

const connectingAtOnce = 50
const tickMs = 5
const quietMs = 500
const deliveryMsMax = 60_000
/** The same clock in every process of this machine: a token is stamped in another one. */
const nowUs = () => (performance.timeOrigin + performance.now()) * 1_000

const plan: LoadPlan = JSON.parse(process.argv[2] ?? "")
const dialects: Readonly<Record<LoadPlan["contestant"], () => Dialect>> = {
  ours: () => ourDialect(`k${process.pid}`),
  "socket.io": socketIoDialect,
  bare: bareDialect,
}
const dialect = dialects[plan.contestant]()
const tally: Tally = { delivered: 0, heardAt: 0, delaysUs: [] }
const peers = await connectAll()
process.on("message", (burst: Burst) => void run(burst).then((result) => process.send?.(result)))
process.on("disconnect", () => process.exit(0))
await quiet()
process.send?.("ready")

async function connectAll(): Promise<Peer[][]> {
  const rooms: Peer[][] = []
  for (let from = 0; from < plan.rooms; from += connectingAtOnce) {
    const some = Array.from({ length: Math.min(connectingAtOnce, plan.rooms - from) }, (_, index) => from + index)
    rooms.push(...(await Promise.all(some.map(connectRoom))))
  }
  return rooms
}

async function connectRoom(room: number): Promise<Peer[]> {
  const members = Array.from({ length: plan.members }, (_, member) => member)
  const opened = await Promise.all(
    members.map((member) => {
      const url = `ws://127.0.0.1:${plan.ports[nodeOf(member)]}`
      return openPeer(url, room * plan.members + member, dialect, tally, nowUs)
    }),
  )
  const [first] = opened
  if (!first) return fail(`nobody is in ${roomName(room)}`)
  await dialect.create(first, room)
  await Promise.all(opened.map((peer, member) => dialect.enter(peer, room, member)))
  return opened
}

/** What people are told of each other's coming is over. */
async function quiet(): Promise<void> {
  while (nowUs() / 1_000 - tally.heardAt < quietMs) await pause(quietMs / 5)
}

async function run({ deliveries, sends }: Burst): Promise<BurstResult> {
  tally.delivered = 0
  tally.delaysUs.length = 0
  const cpuBefore = process.cpuUsage()
  const startedAt = nowUs()
  if (sends) await sendAll(sends)
  await delivered(deliveries)
  const tookUs = nowUs() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  const sorted = Float64Array.from(tally.delaysUs).sort()
  return {
    delivered: tally.delivered,
    seconds: tookUs / 1e6,
    delayMedianMs: percentileOf(sorted, 0.5) / 1_000,
    delayP99Ms: percentileOf(sorted, 0.99) / 1_000,
    loadBusy: (user + system) / tookUs,
  }
}

async function sendAll({ messages, perSecond }: NonNullable<Burst["sends"]>): Promise<void> {
  const startedAt = nowUs()
  for (let sent = 0; sent < messages; await pause(tickMs)) {
    const due = Math.min(messages, Math.floor(((nowUs() - startedAt) / 1e6) * perSecond))
    for (; sent < due; sent++) send(sent)
  }
}

/** Every room by turns, and each time another member. */
function send(index: number): void {
  const room = index % plan.rooms
  const member = (index + Math.floor(index / plan.rooms)) % plan.members
  const peer = peers[room]?.[member]
  if (!peer) return fail("there is no such device")
  dialect.send(peer, room, textOf(plan.textBytes, nowUs()))
}

async function delivered(count: number): Promise<void> {
  const end = nowUs() + deliveryMsMax * 1_000
  while (tally.delivered < count) {
    if (nowUs() > end) fail(`${tally.delivered} of ${count} were delivered`)
    await pause(tickMs)
  }
}
